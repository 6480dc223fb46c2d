import { type Block, encodeBlock } from '@telltale/shared';
import type { World } from './client/world.ts';

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** One answer of the fake server: a stream that the test feeds and ends. */
export interface FakeStream {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  send(...blocks: readonly Block[]): Promise<void>;
  end(): Promise<void>;
  fail(): Promise<void>;
  readonly aborted: () => boolean;
}

/** Lets everything that waits for a promise go on. */
const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
};

/** A world in which a test makes time pass, and is the server. */
export class FakeWorld implements World {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<Timer>();
  readonly streams: FakeStream[] = [];
  /** Answers requests other than the stream's; `null` for a server that is not there. */
  respond: (url: string) => Response | null = () => null;
  /** Answers the stream's request in place of a stream. */
  refuse: (() => Response | null) | null = null;
  randomValue = 0.5;

  now = () => this.#now;
  random = () => this.randomValue;

  after = (ms: number, run: () => void) => {
    const timer = { due: this.#now + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  nextFrame = (run: () => void) => this.after(16, run);

  fetch = async (url: string, { headers, signal }: RequestInit): Promise<Response> => {
    if (!url.includes('api/stream') || this.refuse) {
      const answer = url.includes('api/stream') ? this.refuse?.() : this.respond(url);
      if (!answer) throw new TypeError('fetch failed');
      return answer;
    }
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(given) {
        controller = given;
      },
    });
    signal?.addEventListener('abort', () => controller.error(new DOMException('aborted', 'AbortError')));
    this.streams.push({
      url,
      headers: headers as Record<string, string>,
      aborted: () => signal?.aborted ?? false,
      async send(...blocks) {
        controller.enqueue(new TextEncoder().encode(blocks.map(encodeBlock).join('')));
        await settle();
      },
      async end() {
        controller.close();
        await settle();
      },
      async fail() {
        controller.error(new TypeError('network error'));
        await settle();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  };

  get stream(): FakeStream {
    const newest = this.streams.at(-1);
    if (!newest) throw new Error('no stream was opened');
    return newest;
  }

  /** Makes time pass, running what falls due in its order. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const next = [...this.#timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
      await settle();
    }
    this.#now = until;
  }
}

/** A `hello` for the metrics at one second each. */
export function hello(metrics: readonly string[], more: object = {}): Block {
  return {
    event: 'hello',
    id: 'e.0',
    data: {
      ...{ protocol: 1, version: '0.1.0', epoch: 'e', host: { id: 'h', name: 'vm' }, heartbeatMs: 15_000 },
      ...{ resumed: false, metrics: Object.fromEntries(metrics.map((name) => [name, 1_000])), at: 1 },
      ...more,
    },
  };
}
