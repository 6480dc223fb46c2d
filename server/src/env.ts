import type { HttpBindings } from '@hono/node-server';

/** What every route can count on: Node's own request and response, and what the guard found out. */
export interface Env {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** Headers that let the asking page, if it may, read the answer. */
    cors: Readonly<Record<string, string>>;
  };
}
