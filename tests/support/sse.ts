import * as http from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Longer than any wait of a test that passes, shorter than a test may take. */
const WAIT_MS = 15_000;

/** An event as an independent parser read it. */
export interface StreamEvent {
  readonly name: string;
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a reader of the wire knows no types
  readonly data: any;
  /** When it came, monotonic ms. */
  readonly receivedAt: number;
}

export interface Reader {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  /** Every event so far. */
  readonly events: readonly StreamEvent[];
  /** Every byte so far, as text. */
  readonly text: () => string;
  /** Every block so far, without its blank line. */
  readonly blocks: () => readonly string[];
  /** The next `count` events that no wait has answered with yet. */
  next(count: number): Promise<readonly StreamEvent[]>;
  /** The next such event that fits; those before it are skipped. */
  waitFor(fits: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a stream with nothing but Node's own client. With `accept-encoding: gzip` it is read compressed. */
export function openStream(url: string, headers: http.OutgoingHttpHeaders = {}): Promise<Reader> {
  return new Promise((resolve, reject) => {
    // An agent of its own would share or hold connections.
    const request = http.get(url, { agent: false, headers }, (response) => resolve(read(request, response)));
    request.once('error', reject);
    request.setTimeout(WAIT_MS, () => request.destroy(new Error(`${url} was silent for ${WAIT_MS} ms`)));
  });
}

/** The body as it was before it was compressed, handed out as it comes; a stream that is cut off has no end. */
function decoded(response: http.IncomingMessage): Readable {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  const flush = constants.Z_SYNC_FLUSH;
  return pipeline(response, createGunzip({ flush, finishFlush: flush }), () => {});
}

function read(request: http.ClientRequest, response: http.IncomingMessage): Reader {
  const events: StreamEvent[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  let taken = 0;
  let over = false;

  const parser = createParser({
    onEvent: ({ event = 'message', id = '', data }: EventSourceMessage) => {
      events.push({ name: event, id, data: JSON.parse(data), receivedAt: performance.now() });
    },
    onError: (error) => request.destroy(error),
  });
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  const body = decoded(response);
  body.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    parser.feed(chunk);
    wake();
  });
  const ended = new Promise<void>((resolve) => {
    body.once('close', () => {
      over = true;
      wake();
      resolve();
    });
  });
  // An end that was not asked for is seen by whoever waits.
  request.on('error', () => {});
  response.on('error', () => {});

  function wait<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(attempt);
      };
      const fail = (why: string) => {
        done();
        reject(new Error(`${what}: ${why}; the stream so far:\n${text.slice(-2_000)}`));
      };
      const attempt = () => {
        const found = look();
        if (found !== undefined) {
          done();
          resolve(found);
        } else if (over) fail('the stream has ended');
      };
      const timer = setTimeout(() => fail(`waited ${WAIT_MS} ms`), WAIT_MS);
      waiting.add(attempt);
      attempt();
    });
  }

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    events,
    text: () => text,
    blocks: () => text.split('\n\n').slice(0, -1),
    next: (count) =>
      wait(`next ${count} events`, () => {
        if (events.length < taken + count) return undefined;
        taken += count;
        return events.slice(taken - count, taken);
      }),
    waitFor: (fits) =>
      wait('an event', () => {
        while (taken < events.length) {
          const event = events[taken++] as StreamEvent;
          if (fits(event)) return event;
        }
        return undefined;
      }),
    ended,
    close: () => request.destroy(),
  };
}
