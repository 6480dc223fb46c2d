import { type MetricName, metrics } from '@telltale/shared';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  acquireSource,
  type ConnectionStatus,
  type Needs,
  ownBase,
  pagePreferences,
  type Source,
  toBase,
} from '../../client/index.ts';
import { ancestor } from './ancestors.ts';
import { watchVisibility } from './visibility.ts';

/** What an element tells its controller. */
export interface SourceHost extends ReactiveControllerHost, HTMLElement {
  readonly src: string | null;
  readonly token: string | null;
  /** What it reads at the moment; asked before every update. */
  needs(): Needs;
  /** Takes in news without an update where it can, and answers whether it could. */
  takeNews(): boolean;
}

/** What a `<telltale-source>` fires when it names another server. */
export const SOURCE_CHANGE = 'telltale-source-change';

/** What is out of sight is brought up to date no more often than this. */
const OUT_OF_SIGHT_MS = 2_000;

const INVALID: ConnectionStatus = { state: 'closed', detail: 'the src attribute is not an http(s) URL', retryAt: null };

/**
 * Gives an element the page's one source for its `src` and `token`, else for those of the `<telltale-source>` around it,
 * else for the server that this module came from; and asks it to update once per frame with news while it is in sight.
 */
export class SourceController implements ReactiveController {
  readonly #host: SourceHost;
  #key = '';
  #source: Source | null = null;
  #letGo: (() => void) | null = null;
  #around: HTMLElement | null = null;
  #unwatch: (() => void) | null = null;
  #unprefer: (() => void) | null = null;
  /** `null` until the browser has said. */
  #visible: boolean | null = null;
  #drawnAt = Number.NEGATIVE_INFINITY;
  /** What is looked at only as long as the element can be seen, and how to let go of it. */
  readonly #watched = new Map<MetricName, () => void>();

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
    this.#around = ancestor(this.#host, 'telltale-source');
    this.#around?.addEventListener(SOURCE_CHANGE, this.#onChange);
    this.#unwatch = watchVisibility(this.#host, (visible) => {
      const shown = visible && this.#visible !== true;
      this.#visible = visible;
      this.#look();
      // Before the first answers there is nothing else to say than was said.
      if (shown && !this.#source?.hushed) this.update();
    });
    this.#unprefer = pagePreferences.subscribe(() => this.#update());
    this.#acquire();
  }

  hostDisconnected(): void {
    this.#around?.removeEventListener(SOURCE_CHANGE, this.#onChange);
    this.#around = null;
    this.#unwatch?.();
    this.#unwatch = null;
    this.#visible = null;
    this.#unprefer?.();
    this.#unprefer = null;
    this.#release();
  }

  hostUpdate(): void {
    if (!this.#unwatch) return;
    this.#acquire();
    const needs = this.#host.needs();
    this.#source?.need(always(needs));
    this.#source?.gatherNow();
    this.#look(needs);
  }

  readonly #needs = () => always(this.#host.needs());

  /** Whether somebody can see the element; what is drawn may wait for that. */
  get visible(): boolean {
    return this.#visible === true;
  }

  /** Asks for an update; out of sight only now and then, for who hears the page rather than sees it. */
  readonly update = (): void => {
    if (this.#visible && this.#host.takeNews()) return;
    if (this.#visible !== false || performance.now() - this.#drawnAt >= OUT_OF_SIGHT_MS) this.#update();
  };

  #update(): void {
    this.#drawnAt = performance.now();
    this.#host.requestUpdate();
  }

  readonly #onChange = () => {
    this.#acquire();
    this.#update();
  };

  #acquire(): void {
    const { src, token } = endpointOf(this.#host) ?? (this.#around && endpointOf(this.#around)) ?? NOWHERE;
    const key = JSON.stringify([src, token]);
    if (this.#letGo && key === this.#key) return;
    this.#release();
    this.#key = key;
    try {
      const base = src === null ? ownBase() : toBase(src, document.baseURI);
      const { source, release } = acquireSource(base, token);
      const unsubscribe = source.subscribe(this.update, this.#needs);
      this.#source = source;
      this.#letGo = () => {
        unsubscribe();
        release();
      };
    } catch {
      this.#letGo = () => {};
    }
  }

  /** Has what costs the machine something read for as long as somebody can see it. */
  #look(needs = this.#host.needs()): void {
    const seen = this.#source !== null && this.#visible === true;
    const wanted = seen ? needs.metrics.filter((name) => metrics[name].onDemand) : [];
    for (const [name, end] of this.#watched) {
      if (wanted.includes(name)) continue;
      end();
      this.#watched.delete(name);
    }
    for (const name of wanted) {
      if (this.#source && !this.#watched.has(name)) this.#watched.set(name, this.#source.watch(name));
    }
  }

  #release(): void {
    for (const end of this.#watched.values()) end();
    this.#watched.clear();
    this.#letGo?.();
    this.#letGo = null;
    this.#source = null;
  }
}

/** What is read whether or not it can be seen. */
const always = (needs: Needs): Needs => ({
  ...needs,
  metrics: needs.metrics.filter((name) => !metrics[name].onDemand),
});

interface Named {
  readonly src: string | null;
  readonly token: string | null;
}

const NOWHERE: Named = { src: null, token: null };

/** What an element says of the server, or `null` when it says nothing. One that is not defined yet has only attributes. */
function endpointOf(element: Partial<Named> & Element): Named | null {
  const { src = element.getAttribute('src'), token = element.getAttribute('token') } = element;
  return src === null && token === null ? null : { src, token };
}
