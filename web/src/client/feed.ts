import { type AnyEvent, isMetricName, type MetricName, type Pace } from '@telltale/shared';
import type { Endpoint } from './api.ts';
import { type Channel, channelName, type Message, type News } from './channel.ts';
import { CONNECTING, Connection, type ConnectionState, type ConnectionStatus } from './connection.ts';
import { Election, type Leader } from './election.ts';
import { REPORT_MS } from './group.ts';
import { Lead } from './lead.ts';
import type { PageSignal } from './page-signals.ts';
import { isOwnGap, Sequence } from './sequence.ts';
import type { World } from './world.ts';

export interface FeedOptions extends Endpoint {
  readonly metrics: readonly MetricName[];
  readonly interval?: Pace | null;
  readonly sequence?: Sequence;
  /** Hands over each event of these metrics once, with its position, and all that speak of the stream. */
  readonly onEvent: (event: AnyEvent, id: string | null) => void;
  readonly onStatus: (status: ConnectionStatus) => void;
}

const TICK_MS = 500;
/** A leader answers within some milliseconds. Whoever hears nothing for this long, and half of it more, is alone. */
const SEEK_MS = 100;
/** When the leader goes, the tabs that are seen go first. */
const HIDDEN_SEEK_MS = 150;
/** Nobody looks for this long: the connection is dropped until somebody does. */
const PAUSE_MS = 60_000;
/** A timer that fires this late says that the page did not run, so silence says nothing about the leader. */
const SLEPT_MS = 2_000;
const CONNECTED: ReadonlySet<ConnectionState> = new Set<ConnectionState>(['live', 'late']);
let feeds = 0;

/**
 * The events for one reader, over one connection for all readers of the same server, token and pace in this browser:
 * pages of one origin that speak HTTP/1.1 have six connections together, and the server has one reader instead of many.
 *
 * One of the tabs leads: it alone is connected, reads what all of them need, and tells the others by BroadcastChannel.
 * A SharedWorker would need a script of the same origin, which an embedding page does not have, and a second way beside
 * this one for everybody without; this one serves all pages alike. Beside leading and listening there is a third state:
 * a tab that no leader can bring up to date without a hole has a connection of its own, until one can. So a tab is never
 * without a connection that continues exactly where it stands, and every change of roles is free of loss.
 *
 * Longer than most files, as it is one machine of three states; what can be thought without it is elsewhere: who leads
 * (`election`), what a leader does (`lead`, `group`, `backlog`), where a reader stands (`sequence`).
 */
export class Feed {
  readonly #world: World;
  readonly #options: FeedOptions;
  readonly #sequence: Sequence;
  readonly #tab: string;
  readonly #unlisten: () => void;
  #metrics: readonly MetricName[];
  #status = CONNECTING;
  /** When leading or alone. */
  #connection: Connection | null = null;
  #channel: Channel | null = null;
  #election: Election;
  /** While leading. */
  #lead: Lead | null = null;
  /** The leader that brought this tab up to date. */
  #following: string | null = null;
  #reports = 0;
  /** The first report that said all that this tab needs: the answers to those before it bring too little. */
  #complete = 1;
  #reportedAt = 0;
  #hiddenAt: number | null = null;
  #cancelTick: (() => void) | null = null;
  #cancelSeek: (() => void) | null = null;
  /** Counts connections: one that was let go has no say any more. */
  #connections = 0;

  constructor(options: FeedOptions, world: World) {
    this.#world = world;
    this.#options = options;
    this.#metrics = options.metrics;
    this.#sequence = options.sequence ?? new Sequence();
    this.#tab = `${Math.floor(world.random() * 2 ** 52).toString(36)}-${++feeds}`;
    this.#election = new Election(this.#tab);
    this.#unlisten = world.page.listen((signal) => this.#onSignal(signal));
    this.#enter();
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get cursor(): string | null {
    return this.#sequence.cursor;
  }

  /** Whether this tab reads for all. */
  get leads(): boolean {
    return this.#lead !== null;
  }

  /** Reads these from now on; what is new from `since` on, where that is known, else from where the reader stands. */
  select(metrics: readonly MetricName[], since: string | null = null): void {
    const added = metrics.filter((name) => !this.#metrics.includes(name));
    this.#metrics = metrics;
    this.#sequence.include(added, since);
    if (added.length > 0) this.#complete = this.#reports + 1;
    if (this.#lead) this.#adjust(added.length > 0 ? this.cursor : null);
    else if (added.length > 0) {
      this.#connection?.select(metrics, this.cursor);
      this.#rejoin();
    } else this.#report();
  }

  retryNow(): void {
    if (this.#connection) this.#connection.retryNow();
    else this.#post({ kind: 'retry' });
  }

  /** Ends without a word, since another goes on. */
  leave(): void {
    this.#unlisten();
    this.#exit();
    this.#letGo();
  }

  close(): void {
    this.leave();
    this.#setStatus({ state: 'closed', detail: null, retryAt: null });
  }

  /** Looks for a leader; without one, leads. */
  #enter(): void {
    this.#tick();
    const { openChannel } = this.#world;
    if (!openChannel) {
      this.#takeLead();
      return;
    }
    this.#channel = openChannel(channelName(this.#options, this.#options.interval ?? null), (message) =>
      this.#onMessage(message),
    );
    this.#seek(SEEK_MS);
  }

  #exit(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    this.#cancelSeek?.();
    this.#post({ kind: this.#lead ? 'resign' : 'leave', tab: this.#tab });
    this.#lead = null;
    this.#channel?.close();
    this.#channel = null;
    this.#following = null;
    this.#election = new Election(this.#tab);
  }

  #seek(ms: number): void {
    this.#report();
    this.#cancelSeek?.();
    this.#cancelSeek = this.#world.after(ms + this.#world.random() * (SEEK_MS / 2), () => {
      if (this.#election.leader === null) this.#takeLead();
    });
  }

  #onSignal(signal: PageSignal): void {
    if (signal === 'suspended') {
      this.#exit();
      this.#letGo();
    } else if (signal === 'resumed') {
      if (this.#cancelTick === null) this.#enter();
    } else if (signal === 'online') this.#connection?.retryNow();
    else if (signal === 'hidden' || signal === 'shown') {
      // Timers hardly ran while the page was hidden.
      this.#election.wake();
      if (this.#lead) {
        this.#tell();
        this.#adjust();
      } else {
        this.#pause(this.#world.page.hidden);
        this.#report();
      }
    }
  }

  #tick(): void {
    const due = this.#world.now() + TICK_MS;
    this.#cancelTick?.();
    this.#cancelTick = this.#world.after(TICK_MS, () => {
      this.#tick();
      const now = this.#world.now();
      const { hidden } = this.#world.page;
      if (now - due > SLEPT_MS) this.#election.wake();
      if (this.#lead) {
        this.#lead.group.sweep(now);
        this.#adjust();
        return;
      }
      this.#pause(hidden);
      const todo = this.#election.check(now, hidden);
      if (todo === 'claim') this.#takeLead();
      else if (todo === 'ask' || this.#following === null || now - this.#reportedAt >= REPORT_MS) this.#report();
    });
  }

  #onMessage(message: Message): void {
    const now = this.#world.now();
    if (message.kind === 'here') this.#serve(message, now);
    else if (message.kind === 'leave') this.#lead?.group.left(message.tab);
    else if (message.kind === 'retry') this.#connection?.retryNow();
    else if (message.kind === 'resign') {
      if (this.#election.resigned(message.tab)) {
        this.#following = null;
        this.#seek(this.#world.page.hidden ? HIDDEN_SEEK_MS : 0);
      }
    } else this.#onLeader(message, now);
  }

  /**
   * Somebody who leads, or believes so. An answer is taken however late it comes: what the leader says comes in order, so
   * all that it told after the answer follows. If only the answer to the last report counted, a browser that is so busy
   * that answers take longer than reports are apart would never bring a tab up to date.
   */
  #onLeader(message: Extract<Message, { leader: Leader }>, now: number): void {
    const before = this.#election.leader?.tab;
    const isAnswer = 'report' in message && message.to === this.#tab && message.report >= this.#complete;
    if (!this.#election.heard(message.leader, now)) {
      // Who does not know of us yet steps down when it hears this.
      this.#tell();
      return;
    }
    if (message.leader.tab !== before) {
      this.#lead = null;
      // What was refused may be granted now.
      if (this.#connection?.status.state === 'closed') this.#letGo();
      this.#following = null;
      if (!isAnswer) this.#report();
    }
    if (message.kind === 'news') this.#follow(message, message.metrics);
    else if (message.kind === 'lead') {
      this.#election.seen(message.hidden, now);
      if (this.#following === null) return;
      this.#setStatus(message.status);
      if (message.from === this.#sequence.cursor || this.#sequence.reaches(message.from)) {
        this.#sequence.move(message.position);
      } else this.#rejoin();
    } else if (!isAnswer || this.#following !== null) return;
    // A welcome is late if this tab has meanwhile gone on by itself, to a server that was started again.
    else if (message.kind === 'wait' || !this.#sequence.shares(message.position)) this.#alone(message.status);
    else {
      this.#letGo();
      this.#following = message.leader.tab;
      if (message.hello) this.#deliver(message.hello, null);
      for (const news of message.news) this.#take(news);
      this.#sequence.move(message.position);
      this.#setStatus(message.status);
    }
  }

  /** Asks the leader to go on from where this tab stands. */
  #rejoin(): void {
    this.#following = null;
    this.#report();
  }

  #report(): void {
    this.#reportedAt = this.#world.now();
    this.#post({
      kind: 'here',
      tab: this.#tab,
      report: ++this.#reports,
      metrics: this.#metrics,
      cursor: this.#sequence.cursor,
      hidden: this.#world.page.hidden,
      following: this.#following,
    });
  }

  #follow(news: News, metrics: readonly MetricName[]): void {
    if (this.#following === null) return;
    const begins = news.event.name === 'hello' || isOwnGap(news.event) || this.#sequence.cursor === null;
    const whole = this.#metrics.every((name) => metrics.includes(name));
    if (whole && (begins || this.#sequence.reaches(news.from))) this.#take(news);
    else this.#rejoin();
  }

  #take({ event, id }: Pick<News, 'event' | 'id'>): void {
    if (this.#sequence.accept(event, id)) this.#deliver(event, id);
  }

  #deliver(event: AnyEvent, id: string | null): void {
    const mine = (name: string) => (this.#metrics as readonly string[]).includes(name);
    if (event.name === 'hello') {
      // The leader introduces the server to all; what others read is nothing to this tab.
      const metrics = Object.fromEntries(Object.entries(event.data.metrics).filter(([name]) => mine(name)));
      this.#options.onEvent({ name: 'hello', data: { ...event.data, metrics } }, id);
    } else if (!isMetricName(event.name) || mine(event.name)) this.#options.onEvent(event, id);
  }

  /** A connection of its own: the leader has no way to bring this tab up to date, or none yet. */
  #alone(leader: ConnectionStatus): void {
    if (this.#connection === null) this.#connect();
    // A leader that cannot reach the server has less to give than a tab that can.
    else if (this.#connection.status.state === 'live' && !CONNECTED.has(leader.state)) this.#takeLead();
  }

  #takeLead(): void {
    const leader = this.#election.claim(this.#world.now());
    this.#following = null;
    const connection = this.#connection ?? this.#connect();
    this.#lead = new Lead({ leader, connection, post: (message) => this.#post(message) });
    this.#adjust();
    this.#tell();
  }

  #tell(): void {
    this.#lead?.tell(this.#status, this.#world.page.hidden);
  }

  /** Reads what the tabs need, from `since` on if that is earlier, while anybody sees one of them. */
  #adjust(since: string | null = null): void {
    this.#lead?.read(this.#metrics, since);
    this.#pause(this.#world.page.hidden && this.#lead?.group.hidden !== false);
  }

  #pause(hidden: boolean): void {
    const now = this.#world.now();
    this.#hiddenAt = hidden ? (this.#hiddenAt ?? now) : null;
    if (this.#hiddenAt === null) this.#connection?.resume();
    else if (now - this.#hiddenAt >= PAUSE_MS) this.#connection?.pause();
  }

  #serve(here: Extract<Message, { kind: 'here' }>, now: number): void {
    if (!this.#lead) return;
    this.#lead.group.heard(here.tab, here.metrics, here.hidden, now);
    this.#adjust();
    if (here.following === this.#tab) this.#tell();
    else this.#lead.answer(here, this.#status);
  }

  #connect(): Connection {
    const { base, token, interval = null } = this.#options;
    const serial = ++this.#connections;
    const options = { base, token, interval, metrics: this.#metrics, cursor: this.cursor };
    const onEvent = (event: AnyEvent, id: string | null) => {
      this.#lead?.relay(event, id);
      // A leader listens to itself like everybody else, since it may stand elsewhere than what it reads for others.
      this.#take({ event, id });
    };
    const onCheckpoint = (id: string) => this.#sequence.move(id);
    const onStatus = (status: ConnectionStatus) => {
      if (serial !== this.#connections) return;
      this.#setStatus(status);
      this.#tell();
    };
    this.#connection = new Connection({ ...options, onEvent, onCheckpoint, onStatus }, this.#world);
    return this.#connection;
  }

  #letGo(): void {
    this.#connections++;
    this.#connection?.close();
    this.#connection = null;
  }

  #setStatus(status: ConnectionStatus): void {
    const before = this.#status;
    if (before.state === status.state && before.detail === status.detail && before.retryAt === status.retryAt) return;
    this.#status = status;
    this.#options.onStatus(status);
  }

  #post(message: Message): void {
    this.#channel?.post(message);
  }
}
