/** What comes into sight is made ready a little before. */
const MARGIN = '120px';

const callbacks = new WeakMap<Element, (visible: boolean) => void>();
/** Those of which nothing is known yet. */
const fresh = new Set<Element>();
let observer: IntersectionObserver | null = null;

/** Calls whenever an element comes into sight or leaves it; the answer ends that. */
export function watchVisibility(element: Element, call: (visible: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) callbacks.get(target)?.(isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  callbacks.set(element, call);
  observer.observe(element);
  if (fresh.size === 0) requestAnimationFrame(look);
  fresh.add(element);
  return () => {
    fresh.delete(element);
    observer?.unobserve(element);
    callbacks.delete(element);
  };
}

/** The observer tells what is in sight after the first frame; it is to be in that frame. */
function look(): void {
  // All are measured before any of them draws, which would have the next measured anew.
  const seen = [...fresh].filter((element) => {
    const { width, top, bottom } = element.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight;
  });
  fresh.clear();
  for (const element of seen) callbacks.get(element)?.(true);
}
