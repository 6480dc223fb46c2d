import type { AnyEvent, MetricName } from '@telltale/shared';
import { Backlog } from './backlog.ts';
import type { Message } from './channel.ts';
import type { Connection, ConnectionStatus } from './connection.ts';
import type { Leader } from './election.ts';
import { Group } from './group.ts';

export interface LeadOptions {
  readonly leader: Leader;
  readonly connection: Connection;
  readonly post: (message: Message) => void;
}

/** What the tab that leads does for the others: reads what all of them need, and tells them. */
export class Lead {
  readonly group = new Group();
  readonly #options: LeadOptions;
  readonly #backlog = new Backlog();
  /** The position that was told last: whoever listens has everything up to here. */
  #told: string | null;

  constructor(options: LeadOptions) {
    this.#options = options;
    this.#told = options.connection.cursor;
  }

  /** Reads what the tabs need, from `since` on if that is earlier. */
  read(own: readonly MetricName[], since: string | null): void {
    const { connection } = this.#options;
    const metrics = this.group.needs(own);
    connection.select(metrics, since);
    this.#backlog.read(metrics, connection.cursor);
  }

  /** Says that this tab leads, and how it is doing. */
  tell(status: ConnectionStatus, hidden: boolean): void {
    const { leader, connection, post } = this.#options;
    const from = this.#told;
    this.#told = connection.cursor;
    post({ kind: 'lead', leader, hidden, status, from, position: this.#told });
  }

  relay(event: AnyEvent, id: string | null): void {
    const { leader, connection, post } = this.#options;
    const news = { from: this.#told, id, event };
    this.#told = connection.cursor;
    this.#backlog.add(news);
    post({ kind: 'news', leader, metrics: connection.metrics, ...news });
  }

  /** Brings another tab to where this one is, if there is a way without a hole. */
  answer({ tab, report, cursor, metrics }: Extract<Message, { kind: 'here' }>, status: ConnectionStatus): void {
    const { leader, connection, post } = this.#options;
    const position = connection.cursor;
    // While the stream is back where it was to fetch what a metric lacks, nobody can go on from here. And what was
    // refused to this tab may be granted to another that asks later.
    const able = !this.#backlog.isAhead(position) && status.state !== 'closed';
    const news = able ? this.#backlog.after(cursor, metrics) : null;
    const to = { leader, to: tab, report, status };
    if (news === null) post({ kind: 'wait', ...to });
    else post({ kind: 'welcome', ...to, hello: connection.hello, news, position });
  }
}
