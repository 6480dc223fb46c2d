import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { KEEP_ALL } from './retention.ts';
import { HistoryThread } from './thread.ts';

// How the thread is used, on workers that are made to fail. What the real one answers is the matter of the contract.

/** A worker that does as it is told: `answer(message, say)` is its body. */
const workerOf = (answer: string, begin = "say({ kind: 'ready', report: OK });"): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort, workerData } from 'node:worker_threads';
      const OK = { kind: 'sqlite', fault: null, safeAt: null, bytes: 0, waitingBytes: 0, lost: 0, tiers: [] };
      const say = (message) => parentPort.postMessage(message);
      const seen = [];
      parentPort.on('message', ({ id, request }) => { 
        seen.push(request);
        if (request.call === 'close') say({ kind: 'answer', id, value: null });
        else { ${answer} }
      });
      ${begin}
    `)}`,
  );

const threads: HistoryThread[] = [];
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.close().catch(() => {});
});

function threadOn(file: URL) {
  const clock = new FakeClock();
  const faults: (string | null)[] = [];
  let heard: () => void = () => {};
  const thread = new HistoryThread({
    file,
    folder: null,
    orMemory: false,
    retention: KEEP_ALL,
    pid: 1,
    clock,
    tell: () => {},
    onFault(reason) {
      faults.push(reason);
      heard();
    },
  });
  threads.push(thread);
  const fault = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
    });
  return { thread, clock, faults, fault };
}

const ECHO = "say({ kind: 'answer', id, value: seen.splice(0), report: OK });";

describe('the thread of the history', () => {
  it('hands over what was written before what is asked', async () => {
    const { thread } = threadOn(workerOf(ECHO));
    await thread.start();
    thread.write([['cpu', '{"at":1}']]);
    thread.write([['cpu', '{"at":2}']]);
    const asked = (await thread.catalogue()) as unknown;
    expect(asked).toEqual([{ call: 'catalogue' }]);
    const { thread: other } = threadOn(
      workerOf(`if (request.call === 'catalogue') { ${ECHO} } else { say({ kind: 'answer', id, value: null }); }`),
    );
    await other.start();
    other.write([['cpu', '{"at":1}']]);
    expect(await other.catalogue()).toEqual([
      { call: 'write', ticks: [[['cpu', '{"at":1}']]], flush: false },
      { call: 'catalogue' },
    ]);
  });

  it('flushes every five seconds, and keeps ten minutes at most for a worker that does not answer', async () => {
    const { thread, clock, faults } = threadOn(workerOf(''));
    await thread.start();
    thread.write([['cpu', '{}']]);
    for (let i = 0; i < 4; i++) clock.advance(5_000);
    expect(faults).toEqual([]);
    clock.advance(5_000);
    expect(faults).toEqual(['the disk does not answer']);
    for (let i = 0; i < 1_000; i++) thread.write([['cpu', '{}']]);
    expect(thread.report.fault).toBe('the disk does not answer');
  });

  it('starts a worker that ended by itself again, and answers 503 until then', async () => {
    const { thread, clock, faults, fault } = threadOn(workerOf("if (request.call === 'catalogue') process.exit(0);"));
    await thread.start();
    const said = fault();
    await expect(thread.catalogue()).rejects.toThrow('ended by itself');
    await said;
    await expect(thread.processesAt(0)).rejects.toMatchObject({ status: 503 });
    const well = fault();
    clock.advance(5_000);
    await well;
    expect(faults).toEqual(['the history ended by itself', null]);
  });

  it('is refused where the worker cannot start, with its reason', async () => {
    const { thread } = threadOn(workerOf('', "say({ kind: 'refused', reason: 'it is taken', inUse: true });"));
    await expect(thread.start()).rejects.toThrow('it is taken');
  });

  it('passes on what may not be asked for', async () => {
    const { thread } = threadOn(workerOf("say({ kind: 'problem', id, status: 400, message: 'no' });"));
    await thread.start();
    await expect(thread.catalogue()).rejects.toMatchObject({ status: 400, message: 'no' });
  });
});
