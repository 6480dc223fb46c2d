import { type Block, encodeBlock } from '@telltale/shared';
import type { OpenChannel } from './client/channel.ts';
import type { PageSignal, PageSignals } from './client/page-signals.ts';
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
  sendText(text: string): Promise<void>;
  end(): Promise<void>;
  fail(): Promise<void>;
  readonly aborted: () => boolean;
}

/** Node's; a timer of 0 takes a millisecond. */
declare const setImmediate: (run: () => void) => void;

/** Lets everything that waits for a promise go on. */
const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise<void>((resolve) => setImmediate(resolve));
};

/** A page that a test hides, shows, suspends and takes off the network. */
export class FakePage implements PageSignals {
  readonly #listeners = new Set<(signal: PageSignal) => void>();
  hidden = false;
  offline = false;

  listen = (listener: (signal: PageSignal) => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  signal(signal: PageSignal): void {
    if (signal === 'hidden' || signal === 'shown') this.hidden = signal === 'hidden';
    if (signal === 'online' || signal === 'offline') this.offline = signal === 'offline';
    for (const listener of [...this.#listeners]) listener(signal);
  }
}

/** A world in which a test makes time pass, and is the server. */
export class FakeWorld implements World {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<Timer>();
  readonly streams: FakeStream[] = [];
  readonly page = new FakePage();
  readonly origin: string | null = null;
  readonly openChannel: OpenChannel | null = null;
  /** Is shown every stream that is opened. */
  onStream: (stream: FakeStream) => void = () => {};
  /** Answers requests other than the stream's; `null` for a server that is not there. */
  respond: (url: string) => Response | null | Promise<Response | null> = () => null;
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
      const aborted = new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
      const answer = await Promise.race([aborted, url.includes('api/stream') ? this.refuse?.() : this.respond(url)]);
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
    if (signal?.aborted) throw new DOMException('aborted', 'AbortError');
    const stream: FakeStream = {
      url,
      headers: headers as Record<string, string>,
      aborted: () => signal?.aborted ?? false,
      send: (...blocks) => stream.sendText(blocks.map(encodeBlock).join('')),
      async sendText(text) {
        controller.enqueue(new TextEncoder().encode(text));
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
    };
    this.streams.push(stream);
    this.onStream(stream);
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

  /** The machine sleeps: time goes on, and timers fire when it is over. */
  async sleep(ms: number): Promise<void> {
    this.#now += ms;
    await this.pass(0);
  }
}

/** A `hello` for the metrics at one second each. */
export function hello(metrics: readonly string[], more: object = {}, id = 'e.0'): Block {
  return {
    event: 'hello',
    id,
    data: {
      ...{ protocol: 1, version: '0.1.0', epoch: 'e', host: { id: 'h', name: 'vm' }, heartbeatMs: 15_000 },
      ...{ resumed: false, metrics: Object.fromEntries(metrics.map((name) => [name, 1_000])), at: 1 },
      ...more,
    },
  };
}
