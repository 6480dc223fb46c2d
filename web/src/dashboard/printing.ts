/**
 * Has a page printed as paper is: light, since a canvas that was drawn for the dark would be so on white. `prepare` is
 * called before; what is printed is what stands there when it returns. The answer ends it.
 */
export function followPrinting(page: HTMLElement, prepare: () => void): () => void {
  const before = () => {
    page.style.colorScheme = 'light';
    prepare();
  };
  const after = () => {
    page.style.colorScheme = '';
  };
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
  };
}
