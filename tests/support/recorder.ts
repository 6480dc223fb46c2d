import * as http from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { constants, createGunzip } from 'node:zlib';
import { DEFAULT_METRICS } from '@telltale/shared';
import { createParser } from 'eventsource-parser';

/** What a reader saw, in its order. */
export type Seen = SeenEvent | SeenCheckpoint | Connected;

export interface SeenEvent {
  readonly kind: 'event';
  readonly name: string;
  readonly id: string;
  /** As it came: what was torn must not fail here but be found. */
  readonly data: string;
  /** Whether it is a fault of before that is told to whoever joins, with the position of what it follows. */
  readonly retold: boolean;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/** A block of an id alone. */
export interface SeenCheckpoint {
  readonly kind: 'checkpoint';
  readonly id: string;
}

/** The reader has asked for the stream, from here on. */
export interface Connected {
  readonly kind: 'connect';
  readonly cursor: string | null;
}

/** What a reader needs of an answer. */
export interface Answer {
  readonly status: number;
  readonly coding: string | undefined;
  readonly body: Readable;
}

/** A request under way. */
export interface Asking {
  /** Calls back when nothing came for so long. */
  setTimeout(ms: number, silent: () => void): unknown;
  /** Ends it at once. With an error whatever carried it is given up as well. */
  destroy(error?: Error): unknown;
}

/** A way to ask. `answered` is called once at most; `failed` says nothing new after it, or again. */
export type Transport = (
  url: string,
  headers: Readonly<Record<string, string>>,
  answered: (answer: Answer) => void,
  failed: (error: NodeJS.ErrnoException) => void,
) => Asking;

/** HTTP/1.1, on a connection of its own. */
export const http1: Transport = (url, headers, answered, failed) =>
  http
    .get(url, { agent: false, headers })
    .on('error', failed)
    .once('response', (body: http.IncomingMessage) =>
      answered({ status: body.statusCode ?? 0, coding: body.headers['content-encoding'], body }),
    );

export interface RecorderOptions {
  /** Asked at every attempt, by its number. */
  readonly url: (attempt: number) => string;
  readonly cursor?: string | null;
  /**
   * Whether an id alone moves the reader on. It does in an EventSource of a browser; eventsource-parser does not tell it.
   * Defaults to true.
   */
  readonly heedsCheckpoints?: boolean;
  /** Takes a compressed stream. Defaults to false. */
  readonly gzip?: boolean;
  /** Comes back after an end. Defaults to true. */
  readonly reconnects?: boolean;
  /** Gives up a connection on which nothing came for this long. Defaults to never. */
  readonly silenceMs?: number;
  /** Defaults to HTTP/1.1. */
  readonly transport?: Transport;
}

const brief = (seen: Seen) =>
  seen.kind === 'event'
    ? `${seen.name} ${seen.id}${seen.name === 'gap' ? ` ${seen.data}` : ''}`
    : `${seen.kind} ${seen.kind === 'connect' ? seen.cursor : seen.id}`;

const WAIT_MS = 20_000;
/** While nobody listens. */
const REFUSED_MS = 25;

/** A client that comes back with the last id it saw, as the Living Standard says, and writes down everything. */
export class Recorder {
  readonly seen: Seen[] = [];
  readonly #options: RecorderOptions;
  readonly #waiting = new Set<() => void>();
  #cursor: string | null;
  #attempts = 0;
  #retryMs: number | null = null;
  #asking: Asking | null = null;
  #body: Readable | null = null;
  #retryTimer: NodeJS.Timeout | undefined;
  #failure: string | null = null;
  #over = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#cursor = options.cursor ?? null;
    this.#connect();
  }

  get cursor(): string | null {
    return this.#cursor;
  }

  /** The newest `retry` field. */
  get retryMs(): number | null {
    return this.#retryMs;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Every event so far, with its data read. */
  get events(): readonly SeenEvent[] {
    return this.seen.filter((seen) => seen.kind === 'event');
  }

  /** The first thing seen that fits, now or later. */
  async until(what: string, fits: (seen: Seen) => boolean, waitMs = WAIT_MS): Promise<Seen> {
    let looked = 0;
    const look = () => {
      while (looked < this.seen.length) {
        const seen = this.seen[looked++] as Seen;
        if (fits(seen)) return seen;
      }
      return undefined;
    };
    return this.#wait(what, look, { waitMs });
  }

  /** Resolves when the connection has ended for good. */
  ended(): Promise<true> {
    return this.#wait('the end', () => this.#over || undefined, { endIsFine: true });
  }

  /** Stops taking bytes from the kernel. */
  pause(): void {
    this.#body?.pause();
  }

  resume(): void {
    this.#body?.resume();
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#retryTimer);
    this.#asking?.destroy();
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #wait<T>(what: string, look: () => T | undefined, { endIsFine = false, waitMs = WAIT_MS }): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(attempt);
      };
      const fail = (why: string) => {
        done();
        reject(
          new Error(
            `${what}: ${why}; of ${this.seen.length} it saw last: ${this.seen.slice(-12).map(brief).join('; ')}`,
          ),
        );
      };
      const attempt = () => {
        const found = look();
        if (found !== undefined) {
          done();
          resolve(found);
        } else if (this.#failure !== null) fail(this.#failure);
        else if (this.#over && !endIsFine) fail('the reader is closed');
      };
      const timer = setTimeout(() => fail(`waited ${waitMs} ms`), waitMs);
      this.#waiting.add(attempt);
      attempt();
    });
  }

  #connect(): void {
    const url = this.#options.url(this.#attempts++);
    this.seen.push({ kind: 'connect', cursor: this.#cursor });
    const headers = {
      ...(this.#cursor === null ? {} : { 'last-event-id': this.#cursor }),
      ...(this.#options.gzip ? { 'accept-encoding': 'gzip' } : {}),
    };
    const { transport = http1, silenceMs } = this.#options;
    let answered = false;
    const asking = transport(
      url,
      headers,
      ({ status, coding, body }) => {
        answered = true;
        if (status === 200) this.#read(body, coding === 'gzip');
        else this.#fail(`${url} answered ${status}`);
      },
      // An error before the answer; after it the end of the body tells.
      ({ code }) => {
        if (!answered) this.#again(code === 'ECONNREFUSED' ? REFUSED_MS : 0);
        answered = true;
      },
    );
    this.#asking = asking;
    if (silenceMs !== undefined) asking.setTimeout(silenceMs, () => asking.destroy(new Error('silent')));
  }

  #fail(why: string): void {
    this.#failure = why;
    this.close();
  }

  #again(ms: number): void {
    if (this.#over) return;
    if (this.#options.reconnects === false) return this.close();
    this.#retryTimer = setTimeout(() => this.#connect(), ms);
  }

  #read(source: Readable, gzip: boolean): void {
    this.#body = source;
    let text = '';
    let block = '';
    let events = 0;
    let latest: SeenEvent | null = null;
    const parser = createParser({
      onEvent: ({ event = 'message', id, data }) => {
        events++;
        // An id holds on until another comes (9.2.6).
        if (id !== undefined) this.#cursor = id;
        const here = this.#cursor ?? '';
        const isJoining = latest?.name === 'hello' || latest?.name === 'gap' || latest?.retold === true;
        const retold = event === 'fault' && isJoining && latest?.id === here;
        latest = { kind: 'event', name: event, id: here, data, retold, receivedAt: Date.now() };
        this.seen.push(latest);
      },
      onRetry: (ms) => {
        this.#retryMs = ms;
      },
      onError: (error) => this.#fail(`${error.message} in ${JSON.stringify(block)}`),
    });
    if (gzip && !this.#options.gzip) return this.#fail('compressed, which was not asked for');
    const body = gzip ? unzipped(source) : source;
    body.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      let start = 0;
      // The parser does not tell ids alone, so it is given one block after another.
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', start)) {
        block = text.slice(start, end + 2);
        start = end + 2;
        const before = events;
        parser.feed(block);
        const id = events === before ? /^id: (.*)\n\n$/.exec(block)?.[1] : undefined;
        if (id === undefined) continue;
        this.seen.push({ kind: 'checkpoint', id });
        if (this.#options.heedsCheckpoints !== false) this.#cursor = id;
      }
      text = text.slice(start);
      this.#wake();
    });
    source.on('error', () => {});
    body.once('close', () => this.#again(0));
  }
}

/** What was compressed so far, as it comes: a stream that is cut has no end, and is read up to there. */
function unzipped(body: Readable): Readable {
  const flush = constants.Z_SYNC_FLUSH;
  return pipeline(body, createGunzip({ flush, finishFlush: flush }), () => {});
}

/** The part of a query that asks for all that the log holds while nobody asks for processes. */
export const EVERYTHING = `metrics=${DEFAULT_METRICS}`;

/** A reader without faults that sees everything since the start: what others saw is compared with this. */
export async function openWitness(
  server: { readonly url: string },
  query: string,
  transport: Transport = http1,
): Promise<Recorder> {
  const { cursor } = JSON.parse(await fetchText(`${server.url}/api/snapshot`, transport)) as { cursor: string };
  const beginning = cursor.replace(/\..*/, '.0');
  const url = () => `${server.url}/api/stream?${query}`;
  return new Recorder({ url, cursor: beginning, reconnects: false, transport });
}

/** The body of an answer that ends. */
export function fetchText(url: string, transport: Transport): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = transport(url, {}, ({ body }) => resolve(textOf(body)), reject);
    asking.setTimeout(WAIT_MS, () => asking.destroy(new Error(`${url} did not answer within ${WAIT_MS} ms`)));
  });
}
