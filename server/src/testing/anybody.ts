import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';

/** Lets everybody in, as the guard does on a machine of one's own. */
export const anybody: MiddlewareHandler<Env> = (c, next) => {
  c.set('visitor', {
    ...{ via: 'nothing', tokenId: null, name: null, scope: 'admin', metrics: null, address: '127.0.0.1' },
    isStillLetIn: () => true,
  });
  return next();
};
