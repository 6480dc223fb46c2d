import {
  type Events,
  encodeBlock,
  type Host,
  isMetricName,
  type MetricName,
  PROTOCOL,
  parseCursor,
} from '@telltale/shared';
import type { LoadedRecording } from './loaded-recording.ts';
import { cursorAt, replayHistory } from './replay-history.ts';

const HEARTBEAT_MS = 15_000;

interface Reader {
  readonly metrics: ReadonlySet<string>;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

/**
 * A server in the page, which has nothing but a recording: it answers what a source asks of a server, so that all that
 * shows a machine shows a recording by the same way.
 */
export class ReplayServer {
  readonly #recording: LoadedRecording;
  readonly #speed: () => number;
  readonly #readers = new Set<Reader>();
  readonly #encoder = new TextEncoder();
  /** What was asked for so far. */
  readonly metrics = new Set<MetricName>();
  readonly series = new Set<string>();
  #count: number;

  /** `count`: how many events have come already, as its past. */
  constructor(recording: LoadedRecording, count: number, speed: () => number) {
    this.#recording = recording;
    this.#count = count;
    this.#speed = speed;
  }

  get count(): number {
    return this.#count;
  }

  fetch = async (url: string, { headers, signal }: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.slice(pathname.indexOf('/api/') + 5);
    if (path === 'host') return Response.json(this.#host());
    if (path === 'snapshot') return Response.json({ cursor: cursorAt(this.#count), events: this.#newest() });
    if (path === 'history') {
      for (const name of searchParams.get('series')?.split(',') ?? []) this.series.add(name);
      return Response.json(replayHistory(this.#recording, this.#count, searchParams));
    }
    if (path === 'stream') {
      const cursor = (headers as Record<string, string>)['last-event-id'] ?? null;
      return this.#stream(searchParams.get('metrics')?.split(',') ?? [], cursor, signal ?? null);
    }
    return Response.json({ detail: 'there is no such thing in a recording' }, { status: 404 });
  };

  /** Lets events come until so many have. */
  advance(count: number): void {
    for (const reader of this.#readers) this.#send(reader, this.#count, count);
    this.#count = Math.max(this.#count, count);
  }

  #host(): Host {
    const { head } = this.#recording;
    const { version, protocol, recordedAt } = head;
    const recording = { recordedAt, speed: this.#speed() };
    return { ...head.host, telltale: { version, protocol, startedAt: 0, recording } };
  }

  /** The newest event of each metric so far; it may be anywhere, but is near unless the metric is not recorded. */
  #newest(): Record<string, unknown> {
    const missing = new Set(Object.keys(this.#recording.head.metrics).filter(isMetricName) as string[]);
    const found: Record<string, unknown> = {};
    for (let i = this.#count - 1; i >= 0 && missing.size > 0; i--) {
      const name = this.#recording.name(i);
      if (missing.delete(name)) found[name] = this.#recording.event(i).data;
    }
    return found;
  }

  #stream(metrics: readonly string[], cursor: string | null, signal: AbortSignal | null): Response {
    for (const name of metrics) if (isMetricName(name)) this.metrics.add(name);
    const place = cursor === null ? null : parseCursor(cursor);
    const from = place === null ? this.#count : Math.min(place.seq, this.#count);
    let reader: Reader | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        reader = { metrics: new Set(metrics), controller };
        this.#readers.add(reader);
        controller.enqueue(
          this.#encoder.encode(encodeBlock({ event: 'hello', id: cursorAt(from), data: this.#hello(metrics) })),
        );
        this.#send(reader, from, this.#count);
      },
      cancel: () => void this.#readers.delete(reader as Reader),
    });
    signal?.addEventListener('abort', () => {
      if (reader && this.#readers.delete(reader)) reader.controller.error(new DOMException('aborted', 'AbortError'));
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  #hello(metrics: readonly string[]): Events['hello'] {
    const { head } = this.#recording;
    const { id, name } = head.host;
    return {
      ...{ protocol: PROTOCOL, version: head.version, epoch: 'replay', host: { id, name }, heartbeatMs: HEARTBEAT_MS },
      ...{ resumed: true, at: this.#recording.timeAfter(this.#count) },
      metrics: Object.fromEntries(metrics.map((metric) => [metric, head.metrics[metric] ?? 1_000])),
    };
  }

  #send({ metrics, controller }: Reader, from: number, to: number): void {
    let text = '';
    for (let i = from; i < to; i++) {
      const name = this.#recording.name(i);
      if (isMetricName(name) && !metrics.has(name)) continue;
      text += `event: ${name}\nid: ${cursorAt(i + 1)}\ndata: ${this.#recording.text(i)}\n\n`;
    }
    if (text !== '') controller.enqueue(this.#encoder.encode(text));
  }
}
