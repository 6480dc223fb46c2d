import type { Http2Bindings, HttpBindings } from '@hono/node-server';

/** What every route can count on: Node's own request and response, and what the guard found out. */
export interface Env {
  readonly Bindings: HttpBindings | Http2Bindings;
  readonly Variables: {
    /** Headers that every answer carries; a route that writes its own head has to send them itself. */
    guarded: Readonly<Record<string, string>>;
  };
}
