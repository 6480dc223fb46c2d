import { once } from 'node:events';
import * as net from 'node:net';
import { Worker } from 'node:worker_threads';

/** Keeps one processor busy for a while that ends by itself, whatever becomes of the test. */
export function spin(ms: number): () => Promise<number> {
  const worker = new Worker(`const end = Date.now() + ${ms}; while (Date.now() < end);`, { eval: true });
  return () => worker.terminate();
}

/**
 * Sends bytes between two sockets of our own on loopback at an even pace, and answers how many have arrived. Chunks
 * are sent by the clock and not one after another, so a late timer is made up for.
 */
export async function transfer(bytesPerSecond: number, ms: number): Promise<number> {
  const chunk = Buffer.alloc(256 * 1024);
  const total = Math.floor((bytesPerSecond * ms) / 1000 / chunk.length) * chunk.length;
  let received = 0;
  const server = net.createServer((socket) => {
    socket.on('data', (data) => {
      received += data.length;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');

  const startedAt = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, ((performance.now() - startedAt) * bytesPerSecond) / 1000);
      for (; sent < due && sent < total; sent += chunk.length) socket.write(chunk);
      if (sent < total) return;
      clearInterval(timer);
      socket.end(resolve);
    }, 10);
  });
  await once(socket, 'close');
  await new Promise((resolve) => server.close(resolve));
  return received;
}
