import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Look, transfersBetween } from './process-transfers.ts';

interface Process {
  readonly parent?: number;
  readonly start?: number;
  /** Page faults of the children that it has waited for. */
  readonly faults?: number;
  /** Bytes read, written and cut off; `null` where that is not told. */
  readonly io: readonly [read: number, written: number, cancelled?: number] | null;
}

const lookOf = (processes: Readonly<Record<number, Process>>, complete = true): Look => ({
  complete,
  byPid: new Map(
    Object.entries(processes).map(([pid, { parent = 1, start = 5, faults = 0, io }]) => [
      Number(pid),
      {
        ...{ startTicks: start, parent, reapedFaults: faults },
        io: io && { read: io[0], written: io[1], cancelled: io[2] ?? 0 },
      },
    ]),
  ),
});
/** What a process has moved; `null` where that cannot be told. */
const moved = (pid: number, before: Look, now: Look) => {
  const transfer = transfersBetween(before, now).get(pid);
  return transfer ? [transfer.readBytes, transfer.writtenBytes] : null;
};

describe('what a process has moved between two looks', () => {
  it('is what its counters have grown by, less what it cut off', () => {
    const now = lookOf({ 7: { io: [150, 900, 300] } });
    expect(moved(7, lookOf({ 7: { io: [100, 400, 100] } }), now)).toEqual([50, 300]);
  });

  it('is nothing where it cut off more than it wrote: others had, or it had before', () => {
    expect(moved(7, lookOf({ 7: { io: [0, 400, 0] } }), lookOf({ 7: { io: [0, 500, 400] } }))).toEqual([0, 0]);
  });

  it.each([
    ['was not told before', { io: null }, { io: [5, 5] }],
    ['is not told now', { io: [5, 5] }, { io: null }],
    ['was another one under the same number', { io: [5, 5] }, { io: [9, 9], start: 8 }],
    ['has read less than before', { io: [5, 5] }, { io: [4, 6] }],
    ['has written less than before', { io: [5, 5] }, { io: [6, 4] }],
    ['has cut off less than before', { io: [5, 5, 5] }, { io: [6, 6, 4] }],
  ] as const)('is not known where it %s', (_, before, now) => {
    expect(moved(7, lookOf({ 7: before }), lookOf({ 7: now }))).toBeNull();
  });

  it('is all that it ever moved where it has begun since, and not known where it may not have been seen', () => {
    const now = lookOf({ 7: { io: [10, 20] } });
    expect(moved(7, lookOf({}), now)).toEqual([10, 20]);
    expect(moved(7, lookOf({}, false), now)).toBeNull();
  });
});

describe('a process that waited for its children', () => {
  const shell = (faults: number, io: Process['io']): Process => ({ faults, io });

  it('is not given what they had moved before', () => {
    const before = lookOf({ 7: shell(0, [10, 10]), 8: { parent: 7, io: [1_000, 9_000, 50] } });
    expect(moved(7, before, lookOf({ 7: shell(300, [1_012, 9_510, 50]) }))).toEqual([2, 500]);
  });

  it('has what those moved that began and ended within the interval', () => {
    expect(moved(7, lookOf({ 7: shell(0, [0, 0]) }), lookOf({ 7: shell(300, [70, 80]) }))).toEqual([70, 80]);
  });

  it('is not given what children of its children had moved either', () => {
    const before = lookOf({
      7: shell(0, [0, 0]),
      8: { parent: 7, io: [1, 1] },
      9: { parent: 8, io: [1_000, 1_000] },
      10: { parent: 8, io: [500, 500] },
    });
    expect(moved(7, before, lookOf({ 7: shell(300, [1_511, 1_521]) }))).toEqual([10, 20]);
  });

  it('has moved what it moved itself where a child ended for which it did not wait', () => {
    const before = lookOf({ 7: shell(40, [0, 0]), 8: { parent: 7, io: [1_000, 1_000] } });
    expect(moved(7, before, lookOf({ 7: shell(40, [3, 4]) }))).toEqual([3, 4]);
  });

  it('and for one that was read with the number of a child, is not confused by it', () => {
    const before = lookOf({ 7: shell(0, [0, 0]), 8: { parent: 7, io: [1_000, 1_000] } });
    const now = lookOf({ 7: shell(9, [1_003, 1_004]), 8: { start: 77, parent: 1, io: [5, 5] } });
    expect(moved(7, before, now)).toEqual([3, 4]);
  });

  it.each([
    ['one of them was not told', lookOf({ 7: shell(0, [0, 0]), 8: { parent: 7, io: null } }), true],
    ['one may merely not have been read', lookOf({ 7: shell(0, [0, 0]), 8: { parent: 7, io: [5, 5] } }), false],
    ['somebody else waited for one of them', lookOf({ 7: shell(0, [0, 0]), 8: { parent: 7, io: [5_000, 0] } }), true],
  ])('is not known where %s', (_, before, complete) => {
    expect(moved(7, before, lookOf({ 7: shell(9, [3_000, 3_000]) }, complete))).toBeNull();
  });

  it('that is the first of all is not known where it may have been given orphans', () => {
    const before = lookOf({
      1: { parent: 0, io: [0, 0] },
      6: { parent: 1, io: [0, 0] },
      7: { parent: 6, io: [0, 0] },
      8: { parent: 7, io: [1_000, 1_000] },
    });
    const still = { 6: { parent: 1, io: [0, 0] } } as const;
    expect(moved(1, before, lookOf({ 1: { parent: 0, faults: 9, io: [1_000, 1_000] }, ...still }))).toBeNull();
    expect(moved(1, before, lookOf({ 1: { parent: 0, io: [2, 2] }, ...still }))).toEqual([2, 2]);
  });

  it('has parents however files that were read one after another contradict each other', () => {
    const ring = lookOf({ 7: { parent: 8, io: [1, 1] }, 8: { parent: 7, io: [1, 1] } });
    expect(transfersBetween(ring, lookOf({ 9: { io: [1, 1] } }))).toEqual(
      new Map([[9, { readBytes: 1, writtenBytes: 1 }]]),
    );
  });
});

describe('of any two looks', () => {
  const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 }), fc.maxSafeInteger().map(Math.abs));
  const pid = fc.integer({ min: 0, max: 6 });
  const process = fc.record({
    parent: pid,
    start: fc.integer({ min: 0, max: 2 }),
    faults: fc.integer({ min: 0, max: 2 }),
    io: fc.option(fc.tuple(count, count, count)),
  });
  const look = fc
    .tuple(fc.array(fc.tuple(pid, process), { maxLength: 7 }), fc.boolean())
    .map(([processes, complete]) => lookOf(Object.fromEntries(processes), complete));

  it('nothing is ever below zero, no number, or more than the counters have', () => {
    fc.assert(
      fc.property(look, look, (before, now) => {
        for (const [each, { readBytes, writtenBytes }] of transfersBetween(before, now)) {
          const { io } = now.byPid.get(each) as { io: { read: number; written: number } };
          expect(readBytes >= 0 && readBytes <= io.read, `${readBytes} of ${io.read}`).toBe(true);
          expect(writtenBytes >= 0 && writtenBytes <= io.written, `${writtenBytes} of ${io.written}`).toBe(true);
        }
      }),
    );
  });

  it('what all have moved is no more than what all counters have grown by, once every child was waited for', () => {
    const bytes = fc.nat(1_000);
    const family = fc.array(fc.record({ parent: fc.nat(8), had: bytes, more: bytes, ends: fc.boolean() }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(family, (all) => {
        // Number 1 stays. Each is younger than its parent, and who ends takes what is below along.
        const parents = all.map(({ parent }, i) => (parent % (i + 1)) + 1);
        const ends = all.map(() => false);
        all.forEach(({ ends: own }, i) => {
          ends[i] = own || ((parents[i] as number) > 1 && ends[(parents[i] as number) - 2] === true);
        });
        const before: Record<number, Process> = { 1: { parent: 0, io: [0, 0] } };
        const totals = [0, ...all.map(({ had, more }) => had + more)];
        all.forEach(({ had }, i) => {
          before[i + 2] = { parent: parents[i] as number, io: [had, 0] };
        });
        const faults = totals.map(() => 0);
        for (let i = all.length - 1; i >= 0; i--) {
          if (!ends[i]) continue;
          const at = (parents[i] as number) - 1;
          totals[at] = (totals[at] as number) + (totals[i + 1] as number);
          faults[at] = 1;
        }
        const now: Record<number, Process> = {
          1: { parent: 0, faults: faults[0] as number, io: [totals[0] as number, 0] },
        };
        all.forEach((_, i) => {
          if (ends[i]) return;
          const parent = parents[i] as number;
          now[i + 2] = { parent, faults: faults[i + 1] as number, io: [totals[i + 1] as number, 0] };
        });
        const transfers = transfersBetween(lookOf(before), lookOf(now));
        const told = [...transfers.values()].reduce((sum, { readBytes }) => sum + readBytes, 0);
        const exact = all.reduce((sum, { more }) => sum + more, 0);
        const isKnown = transfers.size === Object.keys(now).length;
        expect(isKnown ? told : Math.min(told, exact)).toBe(isKnown ? exact : told);
      }),
    );
  });
});
