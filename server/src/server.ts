import { createSecureServer, type Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Clock } from './clock.ts';
import type { Env } from './env.ts';
import { EXIT, ExitError } from './errors.ts';
import type { Connections } from './guard/connections.ts';
import { MAX_HEADER_BYTES } from './guard/header-bytes.ts';
import { plainAddress } from './guard/proxies.ts';
import { tendSession } from './session.ts';
import type { Tls } from './tls.ts';

/** Slow or large requests are ended early; a stream, once its request was read, is not touched by these. */
const LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

const TLS_LIMITS = {
  handshakeTimeout: LIMITS.headersTimeout,
  // All streams that one address may have, and room for what a page asks for beside them.
  settings: { maxConcurrentStreams: 128 },
};

type FetchCallback = Parameters<typeof createAdaptorServer>[0]['fetch'];

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly tls: Tls | null;
}

export interface Listener {
  readonly port: number;
  /** Whether its connections are IPv6 sockets. */
  readonly ipv6: boolean;
  /** Takes no more connections, and lets go of those on which nothing happens; calls back when the last has gone. */
  close(done: () => void): void;
  /** Cuts what is left. */
  cut(): void;
}

/**
 * Listens, and answers once it does: HTTP/1.1, or with `tls` HTTP/2 and HTTP/1.1. Rejects with an {@link ExitError} that
 * says what to do.
 */
export function listen(app: Hono<Env>, { host, port, clock, connections, tls }: ListenOptions): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: app.fetch as FetchCallback,
    overrideGlobalObjects: false,
    ...(tls
      ? { createServer: createSecureServer, serverOptions: { ...TLS_LIMITS, ...tls, allowHTTP1: true } }
      : { serverOptions: LIMITS }),
  });
  // Node takes the limits of HTTP/1.1 among the options of a server for HTTP/1.1 alone.
  if (tls) Object.assign(server, LIMITS);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    // Before a byte of it is read, or a handshake begun.
    const leave = connections.enter(plainAddress(socket.remoteAddress ?? ''));
    if (leave === null) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      leave();
    });
  });
  const sessions = new Set<Http2Session>();
  server.on('session', (session: Http2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    tendSession(session, clock, LIMITS.keepAliveTimeout);
  });
  const close = (done: () => void) => {
    server.close(done);
    for (const session of sessions) session.close();
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toExit(error, host, port)));
    server.listen(port, host.replace(/^\[(.*)\]$/, '$1'), () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address : { port, family: '' };
      resolve({ port: bound.port, ipv6: bound.family === 'IPv6', close, cut });
    });
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
