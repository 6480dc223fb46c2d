// Writes history as the server does, through its own worker, as fast as it can, and says what was made safe; until it is
// killed. Plain Node: it runs the built worker. Arguments: folder, the first second to write, seconds at a time.
import { Worker } from 'node:worker_threads';

const [folder, first, stride] = process.argv.slice(2);
const START = Math.ceil(1_800_000_000_000 / 864_000_000) * 864_000_000;
const retention = { ageMs: { raw: 1e15, minute: 1e15, hour: 1e15 }, bytes: 1e12 };
const worker = new Worker(new URL('../../server/dist/history-worker.js', import.meta.url), {
  workerData: { folder, retention, pid: process.pid },
});

function tickOf(n) {
  const at = START + n * 1_000 - 500;
  const usage = (Math.imul(n, 2_654_435_761) >>> 8) % 10_001;
  const cpu = { at, elapsedMs: 1_000, usage, load1: (usage % 100) / 100, cores: [{ name: '0', usage }] };
  return [
    ['cpu', JSON.stringify(cpu)],
    ['memory', JSON.stringify({ at, elapsedMs: 1_000, usedBytes: usage * 1_048_576 })],
  ];
}

let next = Number(first);
let id = 0;
const write = () => {
  const ticks = Array.from({ length: Number(stride) }, () => tickOf(next++));
  worker.postMessage({ id: ++id, request: { call: 'write', ticks, flush: true } });
};
worker.on('message', (message) => {
  if (message.kind === 'refused' || message.report?.fault) {
    console.log(`failed ${message.reason ?? message.report.fault}`);
    process.exit(1);
  }
  // At once: what a pipe still holds in this process would be lost with it.
  if (message.kind === 'answer') console.log(`safe ${next - 1}`);
  if (message.kind !== 'told') write();
});
