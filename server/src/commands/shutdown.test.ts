import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { endAtSignal, type Running } from './shutdown.ts';

let clock: FakeClock;
let done: string[];
let signal: (name: NodeJS.Signals) => void;
let lastConnectionGone: () => void;

/** A server of which everything that is done to it is written down. */
function serve(readers: number, parts: Partial<Running> = {}): void {
  const note = (what: string) => void done.push(what);
  const running: Running = {
    subject: { hangs: () => false, close: () => note('subject closed') },
    sampler: { stop: () => note('sampler stopped') },
    broadcast: { size: readers, close: () => note('goodbye') },
    history: { close: async () => note('history closed') },
    sessions: { close: async () => note('sessions closed') },
    server: {
      close(gone) {
        note('no more connections');
        lastConnectionGone = gone;
      },
      cut: () => note('cut'),
    },
    logger: { info: note, error: (message, fields) => note(`${message}: ${fields?.['message']}`) },
    ...parts,
  };
  endAtSignal(running, {
    clock,
    onSignal(heard) {
      signal = heard;
    },
    dieOf: (name) => note(`died of ${name}`),
    exit: ((code: number) => note(`exit ${code}`)) as (code: number) => never,
  });
}

/** Lets what was promised come about. */
const settle = () => new Promise(setImmediate);

beforeEach(() => {
  clock = new FakeClock();
  done = [];
});

const AT_ONCE = ['stopping', 'sampler stopped', 'goodbye', 'history closed', 'sessions closed', 'no more connections'];

describe('ending a server', () => {
  it('stops looking, says goodbye, keeps what it saw, and exits when the last connection has gone', async () => {
    serve(1);
    signal('SIGTERM');
    expect(done).toEqual(AT_ONCE);
    lastConnectionGone();
    await settle();
    expect(done).toEqual([...AT_ONCE, 'subject closed', 'exit 0']);
  });

  it.each([
    [50, 1_000],
    [51, 4_000],
  ])('with %i readers cuts what is left after %i ms, and is gone half a second later', async (readers, ms) => {
    serve(readers);
    signal('SIGINT');
    clock.advance(ms - 1);
    await settle();
    expect(done).toEqual(AT_ONCE);
    clock.advance(1);
    expect(done).toEqual([...AT_ONCE, 'cut']);
    clock.advance(500);
    await settle();
    expect(done).toEqual([...AT_ONCE, 'cut', 'subject closed', 'exit 0']);
  });

  it('does not wait for a disk that hangs', async () => {
    serve(0, { history: { close: () => new Promise(() => {}) } });
    signal('SIGTERM');
    lastConnectionGone();
    clock.advance(499);
    await settle();
    expect(done).not.toContain('exit 0');
    clock.advance(1);
    await settle();
    expect(done.at(-1)).toBe('exit 0');
  });

  it('says what the history could not store, and ends all the same', async () => {
    serve(0, { history: { close: () => Promise.reject(new Error('the disk is full')) } });
    signal('SIGTERM');
    lastConnectionGone();
    await settle();
    expect(done).toContain('history: the disk is full');
    expect(done.at(-1)).toBe('exit 0');
  });

  it('dies of the signal where the kernel owes an answer', async () => {
    serve(0, { subject: { hangs: () => true, close: () => {} } });
    signal('SIGHUP');
    lastConnectionGone();
    await settle();
    expect(done.slice(-2)).toEqual(['died of SIGHUP', 'exit 0']);
  });

  it('takes two signals at once for one, and a later one for a second wish', () => {
    serve(1);
    signal('SIGINT');
    clock.advance(300);
    signal('SIGINT');
    expect(done).toEqual(AT_ONCE);
    clock.advance(1);
    signal('SIGINT');
    expect(done).toEqual([...AT_ONCE, 'exit 0']);
  });
});
