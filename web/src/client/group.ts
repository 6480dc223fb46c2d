import type { MetricName } from '@telltale/shared';

/** What a leader knows of another tab. */
interface Tab {
  readonly metrics: readonly MetricName[];
  readonly hidden: boolean;
  readonly heardAt: number;
}

/** Tabs report this often; where their timers are held up, once a minute. One that is silent for longer is gone. */
export const REPORT_MS = 20_000;
const GONE_MS = 150_000;
/** Nobody has so many tabs. A tab that is dropped here comes back with its next report. */
const MAX_TABS = 256;

/** The tabs that listen to a leader: what they need, and whether anybody sees them. */
export class Group {
  readonly #tabs = new Map<string, Tab>();

  heard(tab: string, metrics: readonly MetricName[], hidden: boolean, now: number): void {
    this.#tabs.delete(tab);
    this.#tabs.set(tab, { metrics, hidden, heardAt: now });
    const [oldest] = this.#tabs.keys();
    if (this.#tabs.size > MAX_TABS && oldest !== undefined) this.#tabs.delete(oldest);
  }

  left(tab: string): void {
    this.#tabs.delete(tab);
  }

  sweep(now: number): void {
    for (const [tab, { heardAt }] of this.#tabs) if (now - heardAt > GONE_MS) this.#tabs.delete(tab);
  }

  get hidden(): boolean {
    return [...this.#tabs.values()].every(({ hidden }) => hidden);
  }

  /** Everything that is needed, in an order that does not depend on who came first. */
  needs(own: readonly MetricName[]): MetricName[] {
    return [...new Set([...own, ...[...this.#tabs.values()].flatMap(({ metrics }) => metrics)])].sort();
  }
}
