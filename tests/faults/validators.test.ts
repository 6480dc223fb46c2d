import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING, openWitness, Recorder, type Seen, type SeenEvent } from '../support/recorder.ts';
import { type Random, seeds, withSeed } from '../support/seed.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import {
  dataOf,
  holesOf,
  isOfTheLog,
  only,
  positionOf,
  type Reference,
  toReference,
  type ValidatorName,
  violations,
} from '../support/validators.ts';

// The validators are no decoration: a recording of a real server passes all of them, and one that was tampered with
// is caught by the one whose promise it breaks.

const TRIES = seeds(20);

type Tamper = (seen: Seen[], random: Random) => void;

/**
 * Where the events of the log are that others of the same connection surround, and that follow one of the same name: the
 * newest of each, with which it goes on after a join or a gap, may leave out what there is something newer of.
 */
const inner = (seen: readonly Seen[]) => {
  const names = new Set<string>();
  return seen.flatMap((one, i) => {
    if (one.kind === 'connect' || isNamed('gap')(one)) names.clear();
    const [before, after] = [seen[i - 1], seen[i + 1]];
    const isInner = before && after && [before, one, after].every(isOfTheLog) && names.has((one as SeenEvent).name);
    if (one.kind === 'event') names.add(one.name);
    return isInner ? i : [];
  });
};
const indexes = (seen: readonly Seen[], fits: (one: Seen) => boolean) => seen.flatMap((one, i) => (fits(one) ? i : []));
const isNamed = (name: string) => (one: Seen) => one.kind === 'event' && one.name === name;
const moved = (id: string, by: number) => {
  const { epoch, seq } = positionOf(id);
  return `${epoch}.${(seq + by).toString(36)}`;
};

const BUGS: readonly [what: string, caughtBy: ValidatorName, tamper: Tamper][] = [
  ['drops an event', 'complete', (seen, random) => void seen.splice(random.pick(inner(seen)), 1)],
  [
    'sends an event twice',
    'unique',
    (seen, random) => {
      const at = random.pick(inner(seen));
      seen.splice(at, 0, seen[at] as Seen);
    },
  ],
  [
    'swaps two events',
    'ordered',
    (seen, random) => {
      const at = random.pick(inner(seen));
      seen.splice(at - 1, 2, seen[at] as Seen, seen[at - 1] as Seen);
    },
  ],
  [
    'tears an event',
    'whole',
    (seen, random) => {
      const at = random.pick(inner(seen));
      const { data, ...event } = seen[at] as SeenEvent;
      seen[at] = { ...event, data: data.slice(0, random.whole(0, data.length - 1)) };
    },
  ],
  [
    'mixes two events',
    'whole',
    (seen, random) => {
      const at = random.pick(inner(seen));
      seen[at] = { ...(seen[at] as SeenEvent), data: (seen[at - 1] as SeenEvent).data };
    },
  ],
  [
    'resumes elsewhere than it says',
    'resumes',
    (seen, random) => {
      const at = random.pick(indexes(seen, (one) => isNamed('hello')(one) && dataOf(one as SeenEvent).resumed));
      const hello = seen[at] as SeenEvent;
      seen[at] = { ...hello, id: moved(hello.id, random.pick([-1, 1])) };
    },
  ],
  [
    'resumes one event too late',
    'resumes',
    (seen, random) => {
      const at = random.pick(indexes(seen, (one) => isNamed('hello')(one) && dataOf(one as SeenEvent).resumed));
      seen.splice(at + 1, 1);
    },
  ],
  [
    'names a position before it is reached',
    'bookmarks',
    (seen, random) => {
      const at = random.pick(indexes(seen, ({ kind }) => kind === 'checkpoint'));
      seen[at] = { kind: 'checkpoint', id: moved((seen[at] as { id: string }).id, random.whole(3, 9)) };
    },
  ],
  [
    'names a position that is long past',
    'bookmarks',
    (seen, random) => {
      const at = random.pick(indexes(seen, ({ kind }) => kind === 'checkpoint'));
      seen[at] = { kind: 'checkpoint', id: moved((seen[at] as { id: string }).id, -random.whole(9, 12)) };
    },
  ],
  [
    'declares a gap that is too short',
    'gaps',
    (seen, random) => {
      const at = random.pick(indexes(seen, isNamed('gap')));
      const { from, to, reason } = dataOf(seen[at] as SeenEvent);
      const short = random.chance(0.5) ? { from: to - 1, to } : { from, to: from + 1 };
      seen[at] = { ...(seen[at] as SeenEvent), data: JSON.stringify({ ...short, reason }) };
    },
  ],
  ['does not declare a gap', 'complete', (seen) => void seen.splice(indexes(seen, isNamed('gap'))[0] as number, 1)],
];

describe('the validators', () => {
  let server: RunningServer;
  let reference: Reference;
  /** Of a reader of everything, which came back, and of one of a part, which is told checkpoints. */
  const recordings: Seen[][] = [];

  beforeAll(async () => {
    server = await startServer('--interval', '100ms');
    const url = (query: string) => `${server.url}/api/stream?interval=100ms&${query}`;
    const witness = await openWitness(server, `${EVERYTHING}&interval=100ms`);
    const open = async (query: string) => {
      const first = new Recorder({ url: () => url(query), reconnects: false });
      const isLater = (seq: number) => (seen: Seen) => isOfTheLog(seen) && positionOf(seen.id).seq > seq;
      await first.until('an event', isLater(0));
      await first.until('some events', isLater(positionOf(first.cursor as string).seq + 20));
      first.close();
      const second = new Recorder({ url: () => url(query), cursor: first.cursor });
      await second.until('more events', isLater(positionOf(first.cursor as string).seq + 20));
      second.close();
      return [...first.seen, ...second.seen];
    };
    const names = witness.until('hello', isNamed('hello')).then((hello) => dataOf(hello as SeenEvent).metrics);
    const [all, part] = await Promise.all([open(EVERYTHING), open('metrics=cpu')]);
    const last = Math.max(...[...all, ...part].filter(isOfTheLog).map(({ id }) => positionOf(id).seq));
    await witness.until('what they saw', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= last + 20);
    witness.close();
    reference = toReference(witness.seen);
    recordings.push(all, part);
    expect(Object.keys(await names)).toContain('cpu');
  });
  afterAll(() => server.stop());

  /** As a server would have written it for a reader that it found slow. */
  const withGap = (seen: readonly Seen[]): Seen[] => {
    const hole = inner(seen).slice(4, 8);
    const [first, last] = [seen[hole[0] as number], seen[hole.at(-1) as number]] as [SeenEvent, SeenEvent];
    const data = { from: dataOf(first).at - 50, to: dataOf(last).at + 50, reason: 'slow' };
    const gap: Seen = { ...last, name: 'gap', data: JSON.stringify(data) };
    return seen.flatMap((one, i) => (i === hole.at(-1) ? gap : hole.includes(i) ? [] : one));
  };

  it('find nothing wrong with what a server does', () => {
    const [all = [], part = []] = recordings;
    expect(holesOf(reference)).toEqual([]);
    expect(violations(all, reference)).toEqual([]);
    expect(violations(part, only(reference, ['cpu']))).toEqual([]);
    expect(violations(withGap(all), reference)).toEqual([]);
    expect(part.filter(({ kind }) => kind === 'checkpoint').length).toBeGreaterThan(5);
  });

  it.each(BUGS)('catch a server that %s: %s', async (_, caughtBy, tamper) => {
    for (const seed of TRIES) {
      await withSeed(seed, (random) => {
        const [all = [], part = []] = recordings;
        const partly = caughtBy === 'bookmarks';
        const seen = [...(partly ? part : withGap(all))];
        tamper(seen, random);
        const found = violations(seen, partly ? only(reference, ['cpu']) : reference);
        expect(found.map((what) => what.split(':')[0])).toContain(caughtBy);
      });
    }
  });
});
