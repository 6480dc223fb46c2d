import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { acquireSource, type ConnectionStatus, type Needs, type Source, toBase } from '../../client/index.ts';

/** What an element tells its controller. */
export interface SourceHost extends ReactiveControllerHost {
  readonly src: string | null;
  readonly token: string | null;
  /** What it reads at the moment; asked before every update. */
  needs(): Needs;
}

/** A module served by Telltale lies at one of these places below the server's base. */
const SERVED = /^(.*\/)(?:embed\.js|embed\/[^/]+\.js|assets\/[^/]+\.js)$/;

/** The server that this module came from, else the one that serves the page. */
function defaultBase(): string {
  const { origin, pathname } = new URL(import.meta.url);
  const [, base] = SERVED.exec(pathname) ?? [];
  return base === undefined ? new URL('./', document.baseURI).href : `${origin}${base}`;
}

const INVALID: ConnectionStatus = { state: 'closed', detail: 'the src attribute is not an http(s) URL', retryAt: null };

/** Gives an element the page's one source for its `src` and `token`, and asks it to update once per frame with news. */
export class SourceController implements ReactiveController {
  readonly #host: SourceHost;
  #key = '';
  #source: Source | null = null;
  #letGo: (() => void) | null = null;
  #connected = false;

  constructor(host: SourceHost) {
    this.#host = host;
    host.addController(this);
  }

  /** `null` while the element is not in a page, or its `src` is no URL. */
  get source(): Source | null {
    return this.#source;
  }

  get status(): ConnectionStatus {
    return this.#source?.status ?? INVALID;
  }

  /** Whether what is shown may be out of date. */
  get stale(): boolean {
    const { state } = this.status;
    return state !== 'connecting' && state !== 'live';
  }

  hostConnected(): void {
    this.#connected = true;
    this.#acquire();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#release();
  }

  hostUpdate(): void {
    this.#acquire();
    this.#source?.need(this.#host.needs());
  }

  #acquire(): void {
    const { src, token } = this.#host;
    const key = JSON.stringify([src, token]);
    if (!this.#connected || (this.#letGo && key === this.#key)) return;
    this.#release();
    this.#key = key;
    try {
      const base = src === null ? defaultBase() : toBase(src, document.baseURI);
      const { source, release } = acquireSource(base, token);
      const unsubscribe = source.subscribe(() => this.#host.requestUpdate());
      this.#source = source;
      this.#letGo = () => {
        unsubscribe();
        release();
      };
    } catch {
      this.#letGo = () => {};
    }
  }

  #release(): void {
    this.#letGo?.();
    this.#letGo = null;
    this.#source = null;
  }
}
