/** Every element below a root, those of shadow roots too: an element, then what is in its shadow, then its children. */
export function* deepElements(root: ParentNode): Generator<Element> {
  for (const element of root.children) {
    yield element;
    if (element.shadowRoot) yield* deepElements(element.shadowRoot);
    yield* deepElements(element);
  }
}
