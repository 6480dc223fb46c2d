import type { MetricName, Pace } from '@telltale/shared';
import { createParser } from 'eventsource-parser';
import type { Endpoint } from './api.ts';
import { retryAfterMs } from './backoff.ts';
import type { World } from './world.ts';

export interface StreamRequest extends Endpoint {
  readonly metrics: readonly MetricName[];
  readonly interval: Pace | null;
  readonly cursor: string | null;
}

export interface StreamReader {
  /** Something came, be it part of an event only. */
  onBytes(): void;
  onEvent(name: string, data: string, id: string | null): void;
  /** The position moved on without an event. */
  onCheckpoint(id: string): void;
  onRetry(ms: number): void;
}

/** The server will not let us in, and asking again would not change that. */
export class Refused extends Error {}

/** The server has no room now, and may have said when to come back. */
export class Busy extends Error {
  readonly waitMs: number | null;
  constructor(message: string, waitMs: number | null) {
    super(message);
    this.waitMs = waitMs;
  }
}

/** No event of ours comes near; a server that sends a line without end must not fill the memory. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;
/** Answers that another attempt will not change. */
const FINAL_STATUS = new Set([400, 401, 403, 404, 405, 406, 421]);
/** The parser drops blocks of an id alone. One that is missed, as it was cut in two, is made up for by the next. */
const CHECKPOINT = /(?:^|\n\n)id: ?([^\n]+)\n\n$/;

function streamUrl({ base, metrics, interval }: StreamRequest): string {
  const query = new URLSearchParams({ metrics: metrics.join(',') });
  if (interval !== null) query.set('interval', interval < 1000 ? `${interval}ms` : `${interval / 1000}s`);
  return `${base}api/stream?${query}`;
}

/** Reads one stream to its end, which is always an error: a stream has none of its own. */
export async function readStream(
  world: World,
  request: StreamRequest,
  reader: StreamReader,
  signal: AbortSignal,
): Promise<never> {
  const headers: Record<string, string> = { accept: 'text/event-stream' };
  if (request.token) headers['authorization'] = `Bearer ${request.token}`;
  if (request.cursor !== null) headers['last-event-id'] = request.cursor;
  const response = await world
    .fetch(streamUrl(request), { headers, signal, cache: 'no-store', credentials: 'same-origin' })
    .catch(async () => Promise.reject(await whyNot(world, request, signal)));
  if (!response.ok || !response.body) throw await problem(response);
  const type = response.headers.get('content-type') ?? '';
  if (!/^text\/event-stream(;|$)/i.test(type)) {
    throw new Refused(`this is not a Telltale server: it answered ${type}`);
  }

  const parser = createParser({
    // A stream that was let go is over, even in the middle of what came at once.
    onEvent: ({ event, data, id }) => {
      if (!signal.aborted) reader.onEvent(event ?? 'message', data, id ?? null);
    },
    onRetry: (ms) => reader.onRetry(ms),
    maxBufferSize: MAX_EVENT_BYTES,
  });
  const body = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { value, done } = await body.read().catch(() => Promise.reject(new Error('the connection was lost')));
      if (signal.aborted || done) throw new Error('the server ended the stream');
      reader.onBytes();
      const text = decoder.decode(value, { stream: true });
      parser.feed(text);
      const checkpoint = CHECKPOINT.exec(text)?.[1];
      if (checkpoint !== undefined && !signal.aborted) reader.onCheckpoint(checkpoint);
    }
  } finally {
    // Whatever ended it: a body that is merely forgotten holds its connection until it is collected.
    void body.cancel().catch(() => {});
  }
}

/**
 * Browsers do not tell a page whether a server is gone or only keeps this page out. What anybody may load answers in the
 * second case, though its answer cannot be read.
 */
async function whyNot(world: World, { base }: Endpoint, signal: AbortSignal): Promise<Error> {
  const { origin } = world;
  const gone = new Error('the server cannot be reached');
  if (origin === null || new URL(base).origin === origin) return gone;
  const probe: RequestInit = { method: 'HEAD', mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal };
  return world.fetch(`${base}embed.js`, probe).then(
    () => new Refused(`it lets no page of ${origin} in; it does when started with --allow-origin ${origin}`),
    () => gone,
  );
}

async function problem(response: Response): Promise<Error> {
  const body = (await response.json().catch(() => null)) as { detail?: unknown } | null;
  const detail = typeof body?.detail === 'string' ? body.detail : `the server answered ${response.status}`;
  if (FINAL_STATUS.has(response.status)) return new Refused(detail);
  return new Busy(detail, retryAfterMs(response.headers.get('retry-after')));
}
