import {
  type AnyEvent,
  type DecodedBlock,
  decodeBlock,
  type MetricName,
  type Pace,
  parseEvent,
} from '@telltale/shared';
import { Declined, declined, noServer } from './ask.ts';
import { pause, type RecordingWorld } from './world.ts';

export interface FollowRequest {
  /** With a "/" at the end. */
  readonly base: string;
  /** `null` for what the server sends unless asked. */
  readonly metrics: readonly MetricName[] | null;
  /** `null` for each metric's own. */
  readonly interval: Pace | null;
}

/** No event comes near; a server that sends a block without end must not fill the memory. */
const MAX_BLOCK = 4 * 1024 * 1024;
/** Until `hello` says otherwise. */
const HEARTBEAT_MS = 15_000;
/** The connection is dead when this many heartbeats are missing. */
const DEAD_HEARTBEATS = 2;
const MOST_WAIT_MS = 30_000;

type FollowWorld = Pick<RecordingWorld, 'clock' | 'random' | 'fetch' | 'stopped' | 'say'>;

/**
 * The events of a server, each once and in order, across whatever ends a connection: it comes back at its position, and
 * the server says a `gap` where that is impossible. Ends when it is stopped. Throws an `ExitError` where nobody answers
 * at the first attempt, or the answer is no.
 */
export async function* follow(request: FollowRequest, world: FollowWorld): AsyncGenerator<AnyEvent> {
  const { clock, random, stopped, say } = world;
  let cursor: string | null = null;
  let attempt = 0;
  let firstMs = 1_000;
  while (!stopped.aborted) {
    const over = new AbortController();
    let waitMs: number | null = null;
    let reason = 'the server ended the stream';
    try {
      let heartbeatMs = HEARTBEAT_MS;
      const response = await open(request, cursor, world, AbortSignal.any([stopped, over.signal]));
      for await (const block of readBlocks(response, () => watch(clock, over, DEAD_HEARTBEATS * heartbeatMs))) {
        firstMs = block.retry ?? firstMs;
        const event = block.event === undefined ? null : parseEvent(block.event, block.data ?? '');
        // Unknown events are for newer readers, and broken ones are as good as missing.
        if (event !== null && !(event instanceof Error)) {
          if (event.name === 'hello') {
            attempt = 0;
            heartbeatMs = event.data.heartbeatMs;
          } else if (event.name === 'bye') waitMs = event.data.retryMs;
          yield event;
        }
        cursor = block.id ?? cursor;
      }
    } catch (error) {
      if (error instanceof Declined) throw error;
      // Nothing was ever heard: it is the address that is wrong, not the line.
      if (cursor === null && !stopped.aborted) throw noServer(request.base);
      reason = over.signal.aborted ? 'the server went silent' : 'the connection was lost';
    } finally {
      over.abort();
    }
    if (stopped.aborted) return;
    const backoffMs = (0.5 + random() / 2) * Math.min(MOST_WAIT_MS, Math.max(1, firstMs) * 2 ** Math.min(attempt, 10));
    attempt++;
    say(`${reason}; trying again`);
    await pause(waitMs ?? backoffMs, clock, stopped);
  }
}

async function open(
  { base, metrics, interval }: FollowRequest,
  cursor: string | null,
  { fetch }: FollowWorld,
  signal: AbortSignal,
): Promise<Response> {
  const query = new URLSearchParams();
  if (metrics !== null) query.set('metrics', metrics.join(','));
  if (interval !== null) query.set('interval', interval < 1_000 ? `${interval}ms` : `${interval / 1_000}s`);
  const position: Record<string, string> = cursor === null ? {} : { 'last-event-id': cursor };
  const headers = { accept: 'text/event-stream', ...position };
  const response = await fetch(`${base}api/stream?${query}`, { headers, signal });
  if (!response.ok) throw await declined(response);
  if (!/^text\/event-stream(;|$)/i.test(response.headers.get('content-type') ?? '')) {
    throw new Declined(response.status, `${base} is not a Telltale server`);
  }
  return response;
}

/** Ends a connection on which nothing comes for so long: TCP alone does not notice a peer that is gone. */
function watch(clock: RecordingWorld['clock'], over: AbortController, ms: number): () => void {
  return clock.after(ms, () => over.abort());
}

/** Whole blocks as they come; one that is cut off is asked for again. `wait` begins to watch for silence. */
async function* readBlocks({ body }: Response, wait: () => () => void): AsyncGenerator<DecodedBlock> {
  const decoder = new TextDecoder();
  let rest = '';
  let cancel = wait();
  try {
    for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
      cancel();
      rest += decoder.decode(bytes, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() as string;
      if (rest.length > MAX_BLOCK) throw new Error('a block without an end');
      for (const block of blocks) yield decodeBlock(block);
      // Not while somebody is busy with what came: that is no silence of the server's.
      cancel = wait();
    }
  } finally {
    cancel();
  }
}
