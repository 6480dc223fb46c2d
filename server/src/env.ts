import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import type { Visitor } from './visitor.ts';

/** How a request came in, as far as the guard trusts what it says. */
export interface Arrival {
  readonly address: string;
  /** Whether a trusted proxy passed it on. */
  readonly byProxy: boolean;
  /** The host that was asked for, with its port, as the visitor wrote it. */
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  readonly origin: string | null;
  /**
   * `own`: nothing says that a page of another origin asks. `listed`: one that may read the data does. `token`: one that
   * may if it shows a token that is for it. `foreign`: any other.
   */
  readonly from: 'own' | 'listed' | 'token' | 'foreign';
}

/** What every route can count on: Node's own request and response, and what the guard found out. */
export interface Env {
  readonly Bindings: HttpBindings | Http2Bindings;
  readonly Variables: {
    /** Headers that every answer carries; a route that writes its own head has to send them itself. */
    guarded: Readonly<Record<string, string>>;
    arrival: Arrival;
    visitor: Visitor;
  };
}
