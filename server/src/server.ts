import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Env } from './env.ts';
import { EXIT, ExitError } from './errors.ts';

/** Slow or large requests are ended early; a stream, once its request was read, is not touched by these. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

/** Listens, and answers with the server once it does. Rejects with an {@link ExitError} that says what to do. */
export function listen(app: Hono<Env>, host: string, port: number): Promise<Server> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: LIMITS,
  }) as Server;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toExit(error, host, port)));
    server.listen(port, host.replace(/^\[(.*)\]$/, '$1'), () => resolve(server));
  });
}

function toExit(error: NodeJS.ErrnoException, host: string, port: number): ExitError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ExitError(
        EXIT.portTaken,
        `port ${port} is taken on ${host}: stop who has it, or choose another with --port`,
      );
    case 'EACCES':
      return new ExitError(
        EXIT.refused,
        `port ${port} needs rights that this user does not have: choose one above 1023`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ExitError(EXIT.usage, `--host ${host}: this machine does not have that address`);
    default:
      return new ExitError(EXIT.internal, `cannot listen on ${host} port ${port}: ${error.message}`);
  }
}
