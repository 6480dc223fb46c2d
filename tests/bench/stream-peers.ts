import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createChannel, createEventBuffer, createSession, type EventBuffer } from 'better-sse';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { stamped } from './stream-payload.ts';

// The peers, each in a process of its own. A tick is made ready once and handed to each subscriber in one call, which is
// the fastest way that they have; as they are documented, they make it anew for each.

const TICK_MS = 1_000;

export const PEERS = ['hono', 'better-sse'] as const;
export type Peer = (typeof PEERS)[number];

interface Publisher {
  readonly server: Server;
  publish(tick: string): void;
}

function hono(): Publisher {
  const members = new Set<Parameters<Parameters<typeof streamSSE>[1]>[0]>();
  const app = new Hono();
  app.get('/', (c) =>
    streamSSE(c, async (stream) => {
      members.add(stream);
      await stream.write(': welcome\n\n');
      // The stream ends when this returns.
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      members.delete(stream);
    }),
  );
  return {
    server: createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server,
    publish(tick) {
      const bytes = Buffer.from(tick);
      for (const stream of members) void stream.write(bytes);
    },
  };
}

function betterSse(): Publisher {
  const channel = createChannel();
  const server = createServer((request, response) => {
    void createSession(request, response).then((session) => channel.register(session));
  });
  return {
    server,
    publish(tick) {
      const buffer = toEventBuffer(tick);
      for (const session of channel.activeSessions) void session.batch(buffer);
    },
  };
}

function toEventBuffer(tick: string): EventBuffer {
  const buffer = createEventBuffer({ serializer: String });
  for (const block of tick.split('\n\n').filter(Boolean)) {
    const [event = '', id = '', data = ''] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
    buffer.push(data, event, id);
  }
  return buffer;
}

/** Listens, tells its port, and publishes a tick every second to whoever is there. */
export function servePeer(peer: Peer): void {
  const { server, publish } = peer === 'hono' ? hono() : betterSse();
  let text = '';
  process.on('message', (payload: string) => {
    text = payload;
  });
  const startedAt = performance.now();
  let ticks = 0;
  const tick = () => {
    if (text !== '') publish(stamped(text));
    ticks++;
    setTimeout(tick, startedAt + ticks * TICK_MS - performance.now());
  };
  tick();
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.once('disconnect', () => process.exit());
}
