import type { Handler, MiddlewareHandler } from 'hono';
import { negotiate } from '../accept.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';

/** The dashboard for whoever is let in; others are led to where they can sign in. */
export function orSignIn(signInPath: string, page: Handler<Env>): Handler<Env> | MiddlewareHandler<Env> {
  return (c, next) => {
    if (c.get('visitor').scope !== 'none') return page(c, next);
    if (negotiate(c.req.header('accept'), ['text/html']) === null) {
      throw new HttpProblem(401, 'a token is needed here', { 'www-authenticate': 'Bearer realm="telltale"' });
    }
    return c.redirect(signInPath, 303);
  };
}
