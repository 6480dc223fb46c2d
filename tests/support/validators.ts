import { isMetricName, metrics } from '@telltale/shared';
import type { Seen, SeenEvent } from './recorder.ts';

// What the contract promises a reader, each promise a function of what a reader saw and of what there was to be seen.
// `tests/faults/validators.test.ts` proves that each of them notices when its promise is broken.

/** The events of the log as readers without faults saw them, by epoch and in the order of the log. */
export type Reference = ReadonlyMap<string, readonly Entry[]>;

interface Entry {
  readonly seq: number;
  readonly name: string;
  readonly data: string;
}

interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** Says in sentences what is wrong. */
type Validator = (seen: readonly Seen[], reference: Reference) => readonly string[];

const OUTSIDE_THE_LOG = new Set(['hello', 'heartbeat', 'bye']);
/** Gaps of the whole log have a place in it; a subscriber's own have not. */
const GAPS_OF_THE_LOG = new Set(['suspend', 'clock']);
/** Events of the log that say something of it, not of the machine at one moment. */
const OF_NO_METRIC = new Set(['fault', 'alert', 'gap']);

export function positionOf(id: string): Position {
  const [epoch = '', seq = ''] = id.split('.');
  return { epoch, seq: Number.parseInt(seq, 36) };
}

// biome-ignore lint/suspicious/noExplicitAny: a reader of the wire knows no types
export function dataOf({ data }: { readonly data: string }): any {
  try {
    return JSON.parse(data);
  } catch {
    return {};
  }
}

const isEvent = (seen: Seen | undefined): seen is SeenEvent => seen?.kind === 'event';
const isOwnGap = (seen: Seen): seen is SeenEvent =>
  isEvent(seen) && seen.name === 'gap' && !GAPS_OF_THE_LOG.has(dataOf(seen).reason);
export const isOfTheLog = (seen: Seen): seen is SeenEvent =>
  isEvent(seen) && !seen.retold && !OUTSIDE_THE_LOG.has(seen.name) && !isOwnGap(seen);

/** What events of the log weigh there: as they are sent. */
export const loggedBytes = (events: readonly SeenEvent[]): number =>
  events.reduce((sum, { name, id, data }) => sum + Buffer.byteLength(`${name}${id}${data}`) + 24, 0);

/**
 * How old events were when they came, in ms: those of metrics that are sampled at every tick. The newest of another may
 * be old enough.
 */
export function agesOf(seen: readonly Seen[]): readonly number[] {
  return seen.filter(isOfTheLog).flatMap((event) => {
    const isOfEveryTick = isMetricName(event.name) && metrics[event.name].pace === 'base';
    return isOfEveryTick ? event.receivedAt - dataOf(event).at : [];
  });
}

/** Puts together what readers without faults saw. Throws where two of them disagree. */
export function toReference(...recordings: readonly (readonly Seen[])[]): Reference {
  const epochs = new Map<string, Map<number, Entry>>();
  for (const { id, name, data } of recordings.flat().filter(isOfTheLog)) {
    const { epoch, seq } = positionOf(id);
    const entries = epochs.get(epoch) ?? new Map<number, Entry>();
    epochs.set(epoch, entries);
    const known = entries.get(seq);
    if (known && (known.name !== name || known.data !== data)) throw new Error(`two readers saw ${id} differently`);
    entries.set(seq, { seq, name, data });
  }
  return new Map([...epochs].map(([epoch, entries]) => [epoch, [...entries.values()].sort((a, b) => a.seq - b.seq)]));
}

/** The part of the log that a reader of these metrics is told. */
export function only(reference: Reference, metrics: readonly string[]): Reference {
  const mine = new Set([...metrics, ...OF_NO_METRIC]);
  return new Map([...reference].map(([epoch, entries]) => [epoch, entries.filter(({ name }) => mine.has(name))]));
}

/** What the log holds after one position and up to another, both of one epoch. */
function between(reference: Reference, epoch: string, after: number, upTo: number): readonly Entry[] {
  const entries = reference.get(epoch) ?? [];
  const indexAfter = (seq: number) => {
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle] as Entry).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return entries.slice(indexAfter(after), Math.max(indexAfter(after), indexAfter(upTo)));
}

const list = (entries: readonly Entry[]) => entries.map(({ name, seq }) => `${name} ${seq}`).join(', ');

/** Where a reader is by what it was given, and what has just moved it: the steps that every validator looks at. */
function* walk(seen: readonly Seen[]): Generator<{ seen: Seen; index: number; before: Position | null }> {
  let position: Position | null = null;
  for (const [index, one] of seen.entries()) {
    yield { seen: one, index, before: position };
    if (!isEvent(one)) continue;
    const here = positionOf(one.id);
    // A reader that knows nothing yet begins where `hello` says.
    if (one.name === 'hello') position ??= here;
    else if (isOwnGap(one) || isOfTheLog(one)) {
      if (position === null || position.epoch !== here.epoch || position.seq < here.seq) position = here;
    }
  }
}

interface Snapshot {
  readonly events: readonly SeenEvent[];
  /** Whether it was seen to its end: otherwise what is not in it may only not have come yet. */
  readonly isWhole: boolean;
}

const NO_SNAPSHOT: Snapshot = { events: [], isWhole: true };

/**
 * What follows a `hello` that does not resume, or a gap: the newest event of each metric and the faults that stand, up to
 * the first event of a metric that was among them already. Older events of the same metrics are left out there. Whoever
 * is cut in the middle of it is given the rest when it comes back.
 */
function snapshotAfter(seen: readonly Seen[], index: number): Snapshot {
  const names = new Set<string>();
  const events: SeenEvent[] = [];
  for (const one of seen.slice(index + 1)) {
    if (!isOfTheLog(one)) continue;
    if (names.has(one.name)) return { events, isWhole: true };
    if (!OF_NO_METRIC.has(one.name)) names.add(one.name);
    events.push(one);
  }
  return { events, isWhole: false };
}

/** Of what lies before a place in a snapshot: that for which nothing newer in the rest of it makes up. */
function notMadeUpFor(entries: readonly Entry[], { events, isWhole }: Snapshot, place: SeenEvent): readonly Entry[] {
  const index = events.indexOf(place);
  if (index < 0) return entries;
  const newer = new Set([...OF_NO_METRIC, ...events.slice(index).map(({ name }) => name)]);
  return isWhole ? entries.filter(({ name }) => !newer.has(name)) : [];
}

/** Positions never go back. */
const ordered: Validator = (seen) => {
  const wrong: string[] = [];
  let last: Position | null = null;
  for (const { id, name } of seen.filter(isOfTheLog)) {
    const here = positionOf(id);
    if (last?.epoch === here.epoch && here.seq < last.seq) wrong.push(`${name} ${here.seq} came after ${last.seq}`);
    last = here;
  }
  return wrong;
};

/** Nothing comes twice. */
const unique: Validator = (seen) => {
  const ids = new Set<string>();
  return seen.filter(isOfTheLog).flatMap(({ id, name }) => {
    if (ids.has(id)) return `${name} ${id} came twice`;
    ids.add(id);
    return [];
  });
};

/** What comes is what was sent, to the last byte. */
const whole: Validator = (seen, reference) =>
  seen.filter(isEvent).flatMap((event) => {
    try {
      JSON.parse(event.data);
    } catch {
      return `${event.name} ${event.id} is no JSON: ${event.data.slice(0, 100)}`;
    }
    if (!isOfTheLog(event)) return [];
    const { epoch, seq } = positionOf(event.id);
    const [entry] = between(reference, epoch, seq - 1, seq);
    if (!entry) return `${event.name} ${event.id} is not in the log`;
    return entry.name === event.name && entry.data === event.data ? [] : `${event.name} ${event.id} was changed`;
  });

/** Nothing is missing but what a gap declares. */
const complete: Validator = (seen, reference) => {
  const wrong: string[] = [];
  let snapshot = NO_SNAPSHOT;
  for (const { seen: one, index, before } of walk(seen)) {
    if (isEvent(one) && one.name === 'hello') snapshot = dataOf(one).resumed ? snapshot : snapshotAfter(seen, index);
    else if (isOwnGap(one)) snapshot = snapshotAfter(seen, index);
    if (!isOfTheLog(one) || before === null) continue;
    const here = positionOf(one.id);
    if (here.epoch !== before.epoch) {
      wrong.push(`${one.name} ${one.id} is of another epoch than ${before.epoch}, and no gap said so`);
      continue;
    }
    const hole = notMadeUpFor(between(reference, here.epoch, before.seq, here.seq - 1), snapshot, one);
    if (hole.length > 0) wrong.push(`before ${one.name} ${here.seq} nobody said that ${list(hole)} would be missing`);
  }
  return wrong;
};

/** `hello` says from where the reader goes on, and it goes on from there. */
const resumes: Validator = (seen, reference) =>
  seen.flatMap((one, index) => {
    if (one.kind !== 'connect') return [];
    const rest = seen.slice(index + 1, index + 200);
    const next = rest.findIndex(({ kind }) => kind === 'connect');
    const [hello, ...after] = (next < 0 ? rest : rest.slice(0, next)).filter(isEvent);
    if (!hello) return [];
    if (hello.name !== 'hello') return [`a stream began with ${hello.name}`];
    const { resumed } = dataOf(hello);
    if (one.cursor !== null && hello.id !== one.cursor) return [`hello carries ${hello.id} for ${one.cursor}`];
    const [second] = after;
    if (!second) return [];
    if (one.cursor !== null && !resumed) return isOwnGap(second) ? [] : [`no gap follows hello for ${one.cursor}`];
    if (isOwnGap(second) && dataOf(second).reason !== 'slow') return [`a gap follows a hello that resumed=${resumed}`];
    const first = after.find(isOfTheLog);
    if (!first) return [];
    const [from, here] = [positionOf(hello.id), positionOf(first.id)];
    const snapshot = resumed ? NO_SNAPSHOT : snapshotAfter(seen, index);
    const skipped = notMadeUpFor(between(reference, from.epoch, from.seq, here.seq - 1), snapshot, first);
    return here.epoch === from.epoch && here.seq > from.seq && skipped.length === 0
      ? []
      : [`hello says ${hello.id}, and ${first.name} ${first.id} follows; ${list(skipped)} lies between`];
  });

/** A gap covers everything that is missing, in positions and in time. */
const gaps: Validator = (seen, reference) =>
  [...walk(seen)].flatMap(({ seen: one, before }) => {
    if (!isOwnGap(one)) return [];
    const { from, to } = dataOf(one);
    const here = positionOf(one.id);
    if (typeof to !== 'number' || (from !== null && !(from <= to))) return [`a gap from ${from} to ${to}`];
    if (before === null) return [];
    const sameEpoch = before.epoch === here.epoch;
    if (sameEpoch && here.seq < before.seq) return [`a gap goes back from ${before.seq} to ${here.seq}`];
    const upTo = sameEpoch ? here.seq : Number.POSITIVE_INFINITY;
    return between(reference, before.epoch, before.seq, upTo)
      .filter((entry) => {
        const { at } = dataOf(entry);
        return at !== undefined && ((from !== null && at < from) || at > to);
      })
      .map(({ name, seq }) => `the gap from ${from} to ${to} does not cover ${name} ${seq}, which is missing`);
  });

/** A position told without an event lies behind nothing that is still to come, and not before what has come. */
const bookmarks: Validator = (seen, reference) =>
  [...walk(seen)].flatMap(({ seen: one, before }) => {
    const isBookmark = one.kind === 'checkpoint' || (isEvent(one) && (one.name === 'heartbeat' || one.name === 'bye'));
    if (!isBookmark || before === null) return [];
    const here = positionOf(one.id);
    if (here.epoch !== before.epoch) return [`a bookmark ${one.id} of another epoch than ${before.epoch}`];
    if (here.seq < before.seq) return [`a bookmark ${here.seq} behind ${before.seq}`];
    const skipped = between(reference, here.epoch, before.seq, here.seq);
    return skipped.length > 0 ? [`a bookmark ${here.seq} lies after ${list(skipped)}, which had not come`] : [];
  });

export const validators = { ordered, unique, whole, complete, resumes, gaps, bookmarks } satisfies Record<
  string,
  Validator
>;
export type ValidatorName = keyof typeof validators;

/** Every broken promise, with the name of the validator that noticed. */
export function violations(seen: readonly Seen[], reference: Reference): readonly string[] {
  return Object.entries(validators).flatMap(([name, validate]) =>
    validate(seen, reference)
      .slice(0, 5)
      .map((what) => `${name}: ${what}`),
  );
}

/** Whether the reference can be one: of a log that counts every event, a reader of everything misses no number. */
export function holesOf(reference: Reference): readonly string[] {
  return [...reference].flatMap(([epoch, entries]) =>
    entries.flatMap(({ seq }, i) => {
      const before = entries[i - 1];
      return before && seq !== before.seq + 1 ? `${epoch}: ${before.seq} is followed by ${seq}` : [];
    }),
  );
}
