import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { PortableBridge } from './bridge.ts';

/** A worker that answers each call as the text says: a function of `{ call, threadId, reply, fail, times }`. */
const workerOf = (answer: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { connect } from 'node:net';
      import { parentPort, threadId } from 'node:worker_threads';
      const times = new Map();
      const answer = ${answer};
      parentPort.on('message', ({ call }) => {
        times.set(call, (times.get(call) ?? 0) + 1);
        const reply = (value) => parentPort.postMessage({ call, value });
        const fail = (error) => parentPort.postMessage({ call, error });
        answer({ call, threadId, reply, fail, times: times.get(call) });
      });
    `)}`,
  );

const ECHO = '({ reply, threadId }) => reply(threadId)';

let clock: FakeClock;
let bridge: PortableBridge;
beforeEach(() => {
  clock = new FakeClock();
});
afterEach(() => bridge.stop());

const start = (answer: string | URL) => {
  bridge = new PortableBridge(typeof answer === 'string' ? workerOf(answer) : answer, clock);
};
/** Every answer of these workers is the number of their thread. */
const thread = (call: Parameters<PortableBridge['call']>[0]) => bridge.call(call) as unknown as Promise<number>;

describe('a worker that works', () => {
  it('is started once, and answers every call', async () => {
    start(ECHO);
    const first = await thread('cpu');
    expect(await Promise.all([thread('cpu'), thread('memory'), thread('network')])).toEqual([first, first, first]);
    expect(bridge.hangs).toBe(false);
  });

  it('is asked once by two who want the same at the same time', async () => {
    start('({ reply, times }) => reply(times)');
    expect(await Promise.all([bridge.call('cpu'), bridge.call('cpu'), bridge.call('memory')])).toEqual([1, 1, 1]);
    expect(await bridge.call('cpu')).toBe(2);
  });

  it('goes on after a call that was answered with an error', async () => {
    start("({ call, reply, fail, threadId }) => (call === 'network' ? fail('no such thing') : reply(threadId))");
    const first = await thread('cpu');
    await expect(bridge.call('network')).rejects.toThrow('systeminformation: no such thing');
    await expect(bridge.call('network')).rejects.toThrow('no such thing');
    expect(await thread('cpu')).toBe(first);
  });

  it('ends when nobody has asked for a minute, and another is started for the next who does', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    // Its end closes what it holds open.
    start(`({ reply, threadId }) => connect(${port}, '127.0.0.1', () => reply(threadId)).on('error', () => {})`);
    const connected = once(server, 'connection') as Promise<[net.Socket]>;
    const first = await thread('cpu');
    const [socket] = await connected;
    const closed = once(socket.on('error', () => {}).resume(), 'close');
    clock.advance(59_999);
    expect(await thread('cpu')).toBe(first);
    clock.advance(59_999);
    expect(await thread('cpu')).toBe(first);
    clock.advance(60_000);
    await closed;
    expect(await thread('cpu')).not.toBe(first);
    server.close();
  });
});

describe('R3: a worker that fails', () => {
  const CRASHES: [string, string, RegExp][] = [
    ['throws out of nowhere', "setTimeout(() => { throw new Error('out of nowhere'); })", /out of nowhere/],
    ['rejects where nobody listens', "Promise.reject(new Error('unheard'))", /unheard/],
    ['ends', 'process.exit(3)', /its worker ended/],
  ];

  it.each(CRASHES)('because it %s rejects what is under way, and is replaced', async (_, crash, reason) => {
    start(
      `({ call, reply, threadId }) => { if (call === 'network') { ${crash} } else if (call === 'cpu') reply(threadId) }`,
    );
    const first = await thread('cpu');
    const waiting = [bridge.call('memory'), bridge.call('network')];
    for (const result of await Promise.allSettled(waiting)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(reason) } });
    }
    expect(await thread('cpu')).not.toBe(first);
  });

  it('is not tried again at once where it fails after it has answered', async () => {
    // An answer and an end come by ways of their own: right after each other, the end may be heard first.
    start("({ reply }) => { reply('fine'); setTimeout(() => { throw new Error('afterwards'); }, 250); }");
    expect(await bridge.call('cpu')).toBe('fine');
    // Its end is noticed: nothing waits for it to be idle any more.
    await expect.poll(() => clock.timers, { timeout: 4_000 }).toBe(0);
    await expect(bridge.call('cpu')).rejects.toThrow('afterwards');
    clock.advance(1_000);
    expect(await bridge.call('cpu')).toBe('fine');
  });

  it('is not tried again before a second, then two, then four have passed, and at most a minute', async () => {
    start("() => { throw new Error('broken') }");
    for (const rest of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      await expect(bridge.call('cpu')).rejects.toThrow('systeminformation: broken');
      const before = clock.timers;
      clock.advance(rest - 1);
      // Whoever asks meanwhile is told the reason, and nobody else is.
      await expect(bridge.call('cpu')).rejects.toThrow('systeminformation: broken');
      expect(clock.timers).toBe(before);
      clock.advance(1);
    }
  });

  it('begins with a second again for what has worked meanwhile', async () => {
    start("({ call, reply }) => { if (call === 'network') throw new Error('broken'); setTimeout(reply, 20, 'fine'); }");
    const both = async () => {
      const results = await Promise.allSettled([bridge.call('cpu'), bridge.call('network')]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    };
    await both();
    clock.advance(1_000);
    expect(await bridge.call('cpu')).toBe('fine');
    await both();
    clock.advance(1_000);
    expect(await bridge.call('cpu')).toBe('fine');
    const before = clock.timers;
    await expect(bridge.call('network')).rejects.toThrow('broken');
    expect(clock.timers).toBe(before);
  });

  it('fails at the start where there is no such file, without an end of the server', async () => {
    start(new URL('file:///nowhere/at/all.js'));
    await expect(bridge.call('cpu')).rejects.toThrow(/systeminformation: .*nowhere/);
    await expect(bridge.call('cpu')).rejects.toThrow(/nowhere/);
  });
});

describe('R3: a call that never comes back', () => {
  it('is given up after ten seconds, and the worker that says nothing at all is replaced', async () => {
    start(
      "({ call, reply, threadId }) => { if (call === 'cpu') reply(threadId); else if (call === 'disk') for (;;); }",
    );
    const first = await thread('cpu');
    clock.advance(1);
    const [stuck, behind] = [bridge.call('disk'), bridge.call('memory')];
    const rejected = Promise.all([
      expect(stuck).rejects.toThrow('systeminformation: disk took longer than 10 s'),
      expect(behind).rejects.toThrow('disk took longer than 10 s'),
    ]);
    clock.advance(10_000);
    await rejected;
    // It is the one to blame; the others are asked at once.
    await expect(bridge.call('disk')).rejects.toThrow('disk took longer than 10 s');
    expect(await thread('cpu')).not.toBe(first);
  });

  it('does not disturb the others, and is welcome when it comes late', async () => {
    start(`({ call, reply, threadId }) => {
      if (call === 'process') globalThis.late = () => reply('late');
      else if (call === 'memory') { globalThis.late(); reply(threadId); }
      else reply(threadId);
    }`);
    const slow = expect(bridge.call('process')).rejects.toThrow('process took longer than 10 s');
    clock.advance(6_000);
    const first = await thread('cpu');
    const other = thread('disk');
    clock.advance(4_000);
    await slow;
    expect(await other).toBe(first);
    await expect(bridge.call('process')).rejects.toThrow('process took longer than 10 s');
    expect(await thread('memory')).toBe(first);
    const again = bridge.call('process');
    expect(await thread('memory')).toBe(first);
    expect(await again).toBe('late');
  });

  it('has the worker replaced at the second time, the fourth, the eighth', async () => {
    start("({ call, reply, threadId }) => { if (call !== 'filesystem') reply(threadId); }");
    const replaced: number[] = [];
    let last = await thread('cpu');
    for (let time = 1; time <= 9; time++) {
      const hung = expect(bridge.call('filesystem')).rejects.toThrow('filesystem took longer than 10 s');
      clock.advance(5_000);
      await thread('cpu');
      clock.advance(5_000);
      await hung;
      const now = await thread('cpu');
      if (now !== last) replaced.push(time);
      last = now;
      clock.advance(59_999);
      expect(await thread('cpu')).toBe(last);
      clock.advance(1);
    }
    expect(replaced).toEqual([2, 4, 8]);
  });

  it('has no fourth worker started beside three that have not ended', async () => {
    start('() => {}');
    // In one go: the end of a thread is told in a later turn of the event loop.
    const hung = (['cpu', 'memory', 'disk'] as const).map((call) => {
      const given = expect(bridge.call(call)).rejects.toThrow(`${call} took longer than 10 s`);
      clock.advance(10_000);
      return given;
    });
    hung.push(expect(bridge.call('network')).rejects.toThrow('systeminformation: its workers hang and do not end'));
    expect(bridge.hangs).toBe(true);
    await Promise.all(hung);
    await expect.poll(() => bridge.hangs).toBe(false);
  });
});
