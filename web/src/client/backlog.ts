import { type Cursor, type MetricName, parseCursor } from '@telltale/shared';
import type { News } from './channel.ts';
import { isOwnGap, OF_STREAM } from './sequence.ts';

/** About half a minute of a whole server at a second each. Who stands further back reads from the server. */
const CAPACITY = 256;

/** The newest events that a leader told, for tabs that stand a little behind it. */
export class Backlog {
  #news: News[] = [];
  /** Of each metric that is read, the position from which everything was told. */
  #since = new Map<MetricName, Cursor | null>();
  /** What is older has been dropped. */
  #oldest = 0;
  #newest = 0;

  /** These metrics are read, the new ones of them from `cursor` on. */
  read(metrics: readonly MetricName[], cursor: string | null): void {
    const place = cursor === null ? null : parseCursor(cursor);
    this.#since = new Map(metrics.map((name) => [name, this.#since.get(name) ?? place]));
  }

  add(news: News): void {
    const place = news.id === null ? null : parseCursor(news.id);
    if (place === null) return;
    if (isOwnGap(news.event)) {
      this.#news = [];
      this.#oldest = 0;
      this.#newest = 0;
      for (const name of this.#since.keys()) this.#since.set(name, place);
      return;
    }
    // A stream that began with the newest events says in `hello` where.
    for (const [name, since] of this.#since) if (since === null) this.#since.set(name, place);
    if (OF_STREAM.has(news.event.name)) return;
    this.#news.push(news);
    this.#newest = Math.max(this.#newest, place.seq);
    if (this.#news.length <= CAPACITY) return;
    const dropped = this.#news.shift();
    this.#oldest = Math.max(this.#oldest, parseCursor(dropped?.id ?? '')?.seq ?? 0);
  }

  /** Whether events later than `cursor` are in here. */
  isAhead(cursor: string | null): boolean {
    return this.#newest > (cursor === null ? 0 : (parseCursor(cursor)?.seq ?? 0));
  }

  /** Everything told after `cursor` of these metrics, in the order of the log; `null` if that would have a hole. */
  after(cursor: string | null, metrics: readonly MetricName[]): News[] | null {
    const place = cursor === null ? null : parseCursor(cursor);
    for (const name of metrics) {
      const since = this.#since.get(name);
      if (since === undefined) return null;
      // Nobody has a position yet, so all begin together.
      if (since === null && cursor === null) continue;
      if (since === null || place === null) return null;
      if (since.epoch !== place.epoch || since.seq > place.seq || this.#oldest > place.seq) return null;
    }
    if (place === null) return [];
    const seqOf = ({ id }: News) => parseCursor(id ?? '')?.seq ?? 0;
    return this.#news.filter((news) => seqOf(news) > place.seq).sort((a, b) => seqOf(a) - seqOf(b));
  }
}
