import { blankValues, encodeBlock, METRIC_NAMES, type MetricName, metrics, parseCursor } from '@telltale/shared';
import type { Message, OpenChannel } from './client/channel.ts';
import type { World } from './client/world.ts';
import { FakePage, type FakeStream, FakeWorld, hello } from './testing.ts';

interface Member {
  readonly name: string;
  readonly tab: FakeTab;
  readonly onMessage: (message: Message) => void;
}

/** One page of a fake browser: its own timers, visibility and network, which end when it crashes. */
export class FakeTab implements World {
  readonly #browser: FakeBrowser;
  readonly #crash = new AbortController();
  readonly #seed: number;
  readonly page = new FakePage();
  readonly origin = null;
  /** No message arrives before this moment. */
  deafUntil = 0;

  constructor(browser: FakeBrowser, seed: number) {
    this.#browser = browser;
    this.#seed = seed;
  }

  get crashed(): boolean {
    return this.#crash.signal.aborted;
  }

  /** From now on it neither says nor does anything. */
  crash(): void {
    this.#crash.abort();
  }

  now = () => this.#browser.world.now();
  random = () => (this.#seed * 0.37) % 1;
  nextFrame = (run: () => void) => this.after(16, run);

  after = (ms: number, run: () => void) =>
    this.#browser.world.after(ms, () => {
      if (!this.crashed) run();
    });

  fetch = (url: string, init: RequestInit) => {
    const signal = init.signal ? AbortSignal.any([init.signal, this.#crash.signal]) : this.#crash.signal;
    return this.#browser.world.fetch(url, { ...init, signal });
  };

  openChannel: OpenChannel = (name, onMessage) => {
    const { members, posted, world, messageMs } = this.#browser;
    const member: Member = { name, tab: this, onMessage };
    members.add(member);
    return {
      close: () => void members.delete(member),
      post: (message) => {
        if (this.crashed) return;
        posted[message.kind] = (posted[message.kind] ?? 0) + 1;
        const copy = structuredClone(message);
        for (const other of members) {
          if (other === member || other.name !== name) continue;
          world.after(messageMs, () => {
            const deaf = other.tab.crashed || world.now() < other.tab.deafUntil;
            if (members.has(other) && !deaf) other.onMessage(copy);
          });
        }
      },
    };
  };
}

/** Tabs of one origin, the clock that they share, and a server that keeps the last `capacity` events. */
export class FakeBrowser {
  readonly world = new FakeWorld();
  readonly members = new Set<Member>();
  /** How many messages of each kind were sent. */
  readonly posted: Partial<Record<Message['kind'], number>> = {};
  readonly #capacity: number;
  #log: { readonly seq: number; readonly name: MetricName }[] = [];
  #epoch = 1;
  #seq = 0;
  #tabs = 0;
  /** A server that is not there. */
  down = false;
  /** How long a message takes from tab to tab. */
  messageMs = 2;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
    this.world.onStream = (stream) => this.#welcome(stream);
  }

  tab(): FakeTab {
    return new FakeTab(this, ++this.#tabs);
  }

  /** The newest position, as the answer to a query for history tells it. */
  get cursor(): string {
    return `e${this.#epoch}.${this.#seq.toString(36)}`;
  }

  get open(): FakeStream[] {
    return this.world.streams.filter((stream) => !stream.aborted() && !this.#ended.has(stream));
  }

  readonly #ended = new Set<FakeStream>();

  /** One event of each metric. With `bytes` each connection breaks after so many of them. */
  publish(bytes = Number.POSITIVE_INFINITY): void {
    const entries = METRIC_NAMES.map((name) => ({ seq: ++this.#seq, name }));
    this.#log = [...this.#log, ...entries].slice(-this.#capacity);
    for (const stream of this.open) {
      const mine = entries.filter(({ name }) => chosen(stream).includes(name));
      const text = [...mine.map((entry) => this.#block(entry)), { id: this.cursor }].map(encodeBlock).join('');
      void stream.sendText(text.slice(0, bytes));
    }
    if (bytes < Number.POSITIVE_INFINITY) this.cut();
  }

  cut(): void {
    for (const stream of this.open) {
      this.#ended.add(stream);
      void stream.fail();
    }
  }

  restart(): void {
    this.cut();
    this.#epoch++;
    this.#seq = 0;
    this.#log = [];
  }

  /** Lets time pass with a sample every second. */
  async live(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.world.refuse = this.down ? () => null : null;
      this.publish();
      await this.world.pass(1_000);
    }
  }

  #block({ seq, name }: { seq: number; name: MetricName }) {
    const data = { at: this.#epoch * 1e6 + seq, elapsedMs: 1_000, ...blankValues(metrics[name].fields) };
    return { event: name, id: `e${this.#epoch}.${seq.toString(36)}`, data };
  }

  #welcome(stream: FakeStream): void {
    const text = stream.headers['last-event-id'];
    const cursor = parseCursor(text ?? '');
    const mine = this.#log.filter(({ name }) => chosen(stream).includes(name));
    const oldest = (this.#log[0]?.seq ?? this.#seq + 1) - 1;
    const at = (seq: number) => `e${this.#epoch}.${seq.toString(36)}`;
    if (cursor?.epoch === `e${this.#epoch}` && cursor.seq >= oldest && cursor.seq <= this.#seq) {
      const rest = mine.filter(({ seq }) => seq > cursor.seq).map((entry) => this.#block(entry));
      void stream.send(hello(chosen(stream), { resumed: true }, text), ...rest, { id: this.cursor });
      return;
    }
    const newest = METRIC_NAMES.flatMap((name) => mine.findLast((entry) => entry.name === name) ?? []);
    newest.sort((a, b) => a.seq - b.seq);
    const before = at((newest[0]?.seq ?? this.#seq + 1) - 1);
    const reason = cursor?.epoch === `e${this.#epoch}` ? 'evicted' : 'restart';
    const gap = { event: 'gap', id: before, data: { from: null, to: 1, reason } };
    const blocks = newest.map((entry) => this.#block(entry));
    void stream.send(hello(chosen(stream), {}, text ?? before), ...(text ? [gap] : []), ...blocks, { id: this.cursor });
  }
}

const chosen = ({ url }: FakeStream) => (new URL(url).searchParams.get('metrics') ?? '').split(',');
