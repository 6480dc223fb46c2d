import { type AnyEvent, type Block, encodeBlock } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type FollowRequest, follow } from './follow.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const hello = (more: object = {}): Block => ({
  event: 'hello',
  id: 'e.0',
  data: {
    ...{ protocol: 1, version: '0.1.0', epoch: 'e', host: { id: 'h', name: 'vm' }, heartbeatMs: 15_000 },
    ...{ resumed: false, metrics: { cpu: 1_000 }, at: 1, ...more },
  },
});
const heartbeat = (seq: number): Block => ({ event: 'heartbeat', id: `e.${seq}`, data: { at: seq } });

interface Connection {
  readonly url: string;
  readonly cursor: string | undefined;
  send(...blocks: Block[]): void;
  sendText(text: string): void;
  cut(): void;
  readonly gone: () => boolean;
}

let clock: FakeClock;
let connections: Connection[];
let refuse: (() => Response) | null;
let said: string[];
let stop: AbortController;

/** Follows with a server that the test is. */
function open(request: Partial<FollowRequest> = {}) {
  const events: AnyEvent[] = [];
  const fetch = async (url: string, { headers, signal }: RequestInit): Promise<Response> => {
    if (refuse) return refuse();
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(given) {
        controller = given;
      },
    });
    let gone = false;
    signal?.addEventListener('abort', () => {
      gone = true;
      controller.error(new DOMException('aborted', 'AbortError'));
    });
    const sendText = (text: string) => controller.enqueue(new TextEncoder().encode(text));
    connections.push({
      ...{ url, cursor: (headers as Record<string, string>)['last-event-id'], sendText, gone: () => gone },
      send: (...blocks) => sendText(blocks.map(encodeBlock).join('')),
      cut: () => controller.error(new TypeError('terminated')),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  };
  const world = { clock, random: () => 1, fetch, stopped: stop.signal, say: (line: string) => void said.push(line) };
  const ended = (async () => {
    const wanted = { base: 'http://nas:7411/', metrics: null, interval: null, ...request };
    for await (const event of follow(wanted, world)) events.push(event);
  })();
  ended.catch(() => {});
  return { events, ended, names: () => events.map(({ name, data }) => ('at' in data ? `${name} ${data.at}` : name)) };
}

const newest = () => connections.at(-1) as Connection;

beforeEach(() => {
  clock = new FakeClock();
  connections = [];
  refuse = null;
  said = [];
  stop = new AbortController();
});

describe('following a stream', () => {
  it('asks for what is wanted', async () => {
    open({ metrics: ['cpu', 'memory'], interval: 500 });
    open({ interval: 5_000 });
    open();
    await settle();
    expect(connections.map(({ url }) => url)).toEqual([
      'http://nas:7411/api/stream?metrics=cpu%2Cmemory&interval=500ms',
      'http://nas:7411/api/stream?interval=5s',
      'http://nas:7411/api/stream?',
    ]);
  });

  it('comes back where it was cut, in the middle of a block, and repeats nothing', async () => {
    const { names } = open();
    await settle();
    newest().send({ retry: 2_000 }, hello(), heartbeat(1), { id: 'e.4' });
    newest().sendText(encodeBlock(heartbeat(5)).slice(0, -1));
    await settle();
    newest().cut();
    await settle();
    expect(said).toEqual(['the connection was lost; trying again']);
    clock.advance(2_000);
    await settle();
    expect(newest().cursor).toBe('e.4');
    newest().send(hello({ resumed: true }), heartbeat(5));
    await settle();
    expect(names()).toEqual(['hello 1', 'heartbeat 1', 'hello 1', 'heartbeat 5']);
  });

  it('passes over what it does not know, and what is broken', async () => {
    const { names } = open();
    await settle();
    newest().send(hello(), { event: 'weather', id: 'e.1', data: {} }, { event: 'gap', id: 'e.2', data: 'x' });
    newest().sendText('event: cpu\nid: e.3\ndata: {\n\n');
    newest().send(heartbeat(4));
    await settle();
    expect(names()).toEqual(['hello 1', 'heartbeat 4']);
  });

  it('comes back when the server said, after a goodbye', async () => {
    open();
    await settle();
    newest().send(hello(), { event: 'bye', id: 'e.0', data: { reason: 'rotate', retryMs: 7_000 } });
    await settle();
    newest().cut();
    await settle();
    clock.advance(6_999);
    await settle();
    expect(connections).toHaveLength(1);
    clock.advance(1);
    await settle();
    expect(connections).toHaveLength(2);
  });

  it('gives up a connection on which nothing comes any more', async () => {
    open();
    await settle();
    newest().send(hello());
    await settle();
    clock.advance(29_999);
    await settle();
    expect(newest().gone()).toBe(false);
    clock.advance(1);
    await settle();
    expect(newest().gone()).toBe(true);
    expect(said).toEqual(['the server went silent; trying again']);
  });

  it('goes on while the server is away, less and less often', async () => {
    open();
    await settle();
    newest().send(hello());
    await settle();
    newest().cut();
    refuse = () => {
      throw new TypeError('fetch failed');
    };
    for (let i = 0; i < 20; i++) {
      await settle();
      clock.advance(30_000);
    }
    refuse = null;
    await settle();
    clock.advance(30_000);
    await settle();
    expect(newest().cursor).toBe('e.0');
  });

  it.each<[string, () => Response, RegExp]>([
    ['nobody is there', () => Promise.reject(new TypeError('fetch failed')) as never, /^no server answers at http:/],
    ['it is no stream', () => new Response('<html>'), /is not a Telltale server$/],
    [
      'it declines',
      () => Response.json({ detail: 'metric "x"\nis not' }, { status: 400 }),
      /declined: metric "x" is not$/,
    ],
    ['it has no room', () => Response.json({ detail: 'full' }, { status: 503 }), /^no server answers/],
  ])('ends in one line where %s at first', async (_, answer, message) => {
    refuse = answer;
    const { ended } = open();
    await expect(ended).rejects.toThrow(message);
    await expect(ended).rejects.toMatchObject({ exitCode: EXIT.unavailable });
  });

  it('ends when it is stopped, wherever it is, and leaves no timer', async () => {
    const { ended } = open();
    await settle();
    newest().send(hello());
    await settle();
    newest().cut();
    await settle();
    stop.abort();
    await ended;
    expect(clock.timers).toBe(0);
  });

  it('does not hold a block without an end', async () => {
    open();
    await settle();
    newest().send(hello());
    for (let i = 0; i < 5; i++) newest().sendText('x'.repeat(1024 * 1024));
    await settle();
    await settle();
    expect(newest().gone()).toBe(true);
  });
});
