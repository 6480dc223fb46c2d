/** The nearest element of a name around this one, across the borders of shadow roots, or `null`. */
export function ancestor(element: Element, name: string): HTMLElement | null {
  let node: Node | null = parentOf(element);
  while (node) {
    if (node instanceof HTMLElement && node.localName === name) return node;
    node = parentOf(node);
  }
  return null;
}

const parentOf = (node: Node): Node | null =>
  (node instanceof Element && node.assignedSlot) || node.parentNode || (node instanceof ShadowRoot ? node.host : null);
