import { type OpenChannel, openBroadcastChannel } from './channel.ts';
import { type PageSignals, pageSignals } from './page-signals.ts';

/** What the client needs of the world; tests pass their own. */
export interface World {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Epoch ms of this device, which need not agree with the server's. */
  readonly now: () => number;
  /** 0 up to 1. */
  readonly random: () => number;
  /** Calls once after `ms`; the answer cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Calls once before the next frame is drawn; the answer cancels it. */
  readonly nextFrame: (run: () => void) => () => void;
  /** That of the page; `null` where there is none. */
  readonly origin: string | null;
  readonly page: PageSignals;
  /** Opens a way to the other tabs; `null` where there are none. */
  readonly openChannel: OpenChannel | null;
}

/** The browser's world, or Node's, which has no page and no other tabs. */
export const platformWorld: World = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  nextFrame: (run) => {
    const frame = requestAnimationFrame(run);
    return () => cancelAnimationFrame(frame);
  },
  origin: globalThis.location?.origin ?? null,
  page: pageSignals(),
  openChannel: openBroadcastChannel(),
};
