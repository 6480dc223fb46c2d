import type { View } from './view.ts';

/** A pointer that rests for this long is in the way of who looks from afar. */
const IDLE_MS = 3_000;

/**
 * The page as it hangs on a wall: full screen where the browser allows it, without a pointer. `host` has the attribute
 * `idle` while nobody moves anything. Leaving full screen leaves it. The answer ends that.
 */
export function followKiosk(view: View, host: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let full = false;
  const stir = () => {
    host.removeAttribute('idle');
    clearTimeout(timer);
    if (view.state.kiosk) timer = setTimeout(() => host.setAttribute('idle', ''), IDLE_MS);
  };
  const turn = () => {
    stir();
    // Only a person may ask for it; a page that was opened as a kiosk fills its window.
    if (view.state.kiosk && !document.fullscreenElement && navigator.userActivation?.isActive) {
      document.documentElement.requestFullscreen?.().catch(() => {});
    } else if (!view.state.kiosk && full) void document.exitFullscreen?.().catch(() => {});
  };
  const onFullscreen = () => {
    const left = full && !document.fullscreenElement;
    full = document.fullscreenElement !== null;
    if (left) view.show({ kiosk: false });
  };
  const onKey = ({ key }: KeyboardEvent) => {
    if (key === 'Escape' && view.state.kiosk && !document.fullscreenElement) view.show({ kiosk: false });
  };
  const end = view.subscribe(turn);
  addEventListener('pointermove', stir);
  addEventListener('keydown', onKey);
  document.addEventListener('fullscreenchange', onFullscreen);
  turn();
  return () => {
    clearTimeout(timer);
    end();
    removeEventListener('pointermove', stir);
    removeEventListener('keydown', onKey);
    document.removeEventListener('fullscreenchange', onFullscreen);
  };
}
