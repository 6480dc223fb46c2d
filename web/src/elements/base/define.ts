/** Defines an element, unless the page has one of that name already: two copies of this module must not throw. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
