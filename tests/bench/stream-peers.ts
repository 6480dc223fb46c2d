import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createChannel, createEventBuffer, createSession } from 'better-sse';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type PayloadEvent, parsePayload, stamped } from './stream-payload.ts';

// The peers, each in a process of its own, and each twice: as its documentation shows it, one call for each event, and
// with all events of a tick made ready once and handed to each subscriber in one call, the fastest way that it has.

const TICK_MS = 1_000;

export const PEERS = ['Hono streamSSE', 'streamSSE, one frame', 'better-sse', 'better-sse, batch'] as const;
export type Peer = (typeof PEERS)[number];

interface Publisher {
  readonly server: Server;
  publish(text: string): void;
}

type Stream = Parameters<Parameters<typeof streamSSE>[1]>[0];

function hono(send: (members: ReadonlySet<Stream>, text: string) => void): Publisher {
  const members = new Set<Stream>();
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
    publish: (text) => send(members, text),
  };
}

function writeEvents(members: ReadonlySet<Stream>, text: string): void {
  const events = parsePayload(text).map(({ event, id, data }) => ({ event, id, data: JSON.stringify(data) }));
  for (const stream of members) {
    for (const message of events) void stream.writeSSE(message);
  }
}

function writeFrame(members: ReadonlySet<Stream>, text: string): void {
  const bytes = Buffer.from(text);
  for (const stream of members) void stream.write(bytes);
}

type Channel = ReturnType<typeof createChannel>;

function betterSse(send: (channel: Channel, events: readonly PayloadEvent[]) => void): Publisher {
  const channel = createChannel();
  const server = createServer((request, response) => {
    void createSession(request, response).then((session) => channel.register(session));
  });
  return { server, publish: (text) => send(channel, parsePayload(text)) };
}

function broadcastEvents(channel: Channel, events: readonly PayloadEvent[]): void {
  for (const { event, id, data } of events) channel.broadcast(data, event, { eventId: id });
}

function broadcastBatch(channel: Channel, events: readonly PayloadEvent[]): void {
  const buffer = createEventBuffer();
  for (const { event, id, data } of events) buffer.push(data, event, id);
  for (const session of channel.activeSessions) void session.batch(buffer);
}

const PUBLISHERS: Record<Peer, () => Publisher> = {
  'Hono streamSSE': () => hono(writeEvents),
  'streamSSE, one frame': () => hono(writeFrame),
  'better-sse': () => betterSse(broadcastEvents),
  'better-sse, batch': () => betterSse(broadcastBatch),
};

/** Listens, tells its port, and publishes a tick every second to whoever is there. */
export function servePeer(peer: Peer): void {
  const { server, publish } = PUBLISHERS[peer]();
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
