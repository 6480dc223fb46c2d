// Writes ten minutes of history that end an hour before `now`, through the server's own worker: in the middle one a process
// uses all there is. Plain Node: it runs the built worker. Arguments: folder, now (epoch ms), name of the process.
import { Worker } from 'node:worker_threads';

const [folder, now, name] = process.argv.slice(2);
const MINUTES = 10;
const end = Math.floor((Number(now) - 3_600_000) / 60_000) * 60_000;
const retention = { ageMs: { raw: 1e15, minute: 1e15, hour: 1e15 }, bytes: 1e12 };
const worker = new Worker(new URL('../../server/dist/history-worker.js', import.meta.url), {
  workerData: { folder, retention, pid: process.pid },
});

const processOf = (busy) => {
  const row = {
    pid: 4242,
    startedAt: end,
    user: 'root',
    residentBytes: 2 ** 20,
    state: 'R',
    threads: 1,
    arguments: null,
  };
  const rows = [{ name: busy ? name : 'quiet', usage: busy ? 199 : 1, ...row }];
  return { count: 1, threads: 1, byCpu: rows, byMemory: rows };
};

const ticks = Array.from({ length: MINUTES * 60 }, (_, second) => {
  const at = end - (MINUTES * 60 - second) * 1_000;
  const busy = Math.floor(second / 60) === MINUTES / 2;
  const tick = [
    ['cpu', JSON.stringify({ at, elapsedMs: 1_000, usage: busy ? 99 : 2, load1: busy ? 4 : 0.1, cores: [] })],
  ];
  if (second % 60 === 30) tick.push(['process', JSON.stringify({ at, elapsedMs: 2_000, ...processOf(busy) })]);
  return tick;
});

worker.on('message', (message) => {
  if (message.kind === 'refused' || message.report?.fault) {
    console.error(message.reason ?? message.report.fault);
    process.exit(1);
  }
  if (message.kind !== 'answer') return;
  // Not by the console, which paints numbers where it is asked to.
  process.stdout.write(String(end - (MINUTES * 60 - (MINUTES / 2) * 60 - 30) * 1_000), () => process.exit(0));
});
worker.postMessage({ id: 1, request: { call: 'write', ticks, flush: true } });
