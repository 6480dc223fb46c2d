/**
 * What a page tells about itself. `hidden` and `shown`: whether anybody can see it. `suspended`: it may never run again
 * (closed, frozen, or put into the back/forward cache), and must hold no connection. `resumed`: it runs again.
 */
export type PageSignal = 'hidden' | 'shown' | 'suspended' | 'resumed' | 'online' | 'offline';

export interface PageSignals {
  readonly hidden: boolean;
  /** No network at all. Servers on this device can be reached nevertheless. */
  readonly offline: boolean;
  listen(listener: (signal: PageSignal) => void): () => void;
}

/** A program without a page: always seen, always online. */
const noPage: PageSignals = { hidden: false, offline: false, listen: () => () => {} };

const browserPage: PageSignals = {
  get hidden() {
    return document.visibilityState === 'hidden';
  },
  get offline() {
    return !navigator.onLine;
  },
  listen(listener) {
    const abort = new AbortController();
    const on = (target: EventTarget, type: string, signal: (event: Event) => PageSignal | null) =>
      target.addEventListener(
        type,
        (event) => {
          const told = signal(event);
          if (told) listener(told);
        },
        { signal: abort.signal },
      );
    on(document, 'visibilitychange', () => (browserPage.hidden ? 'hidden' : 'shown'));
    on(window, 'pagehide', () => 'suspended');
    // The first showing of a page is no return.
    on(window, 'pageshow', (event) => ((event as PageTransitionEvent).persisted ? 'resumed' : null));
    // Page Lifecycle: a browser stops hidden pages for good measure, timers, messages and all.
    on(document, 'freeze', () => 'suspended');
    on(document, 'resume', () => 'resumed');
    on(window, 'online', () => 'online');
    on(window, 'offline', () => 'offline');
    return () => abort.abort();
  },
};

export const pageSignals = (): PageSignals => (typeof document === 'undefined' ? noPage : browserPage);
