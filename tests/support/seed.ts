/** Randomness that a number replays. */
export interface Random {
  /** At least 0 and below 1. */
  next(): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  /** As likely between 1 and 10 as between 10 and 100. */
  logarithmic(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
  chance(share: number): boolean;
}

/** mulberry32 of Tommy Ettinger: 32 bits of state, good enough to choose where to hurt. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    logarithmic: (least, most) => Math.floor(least * ((most + 1) / least) ** next()),
    pick: <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T,
    chance: (share) => next() < share,
  };
}

const given = process.env['SEED'];

/** The seeds of a test: new ones in every run, and the one of the environment variable SEED alone where it is given. */
export function seeds(count: number): readonly number[] {
  if (given !== undefined) return [Number(given)];
  const first = Math.floor(Math.random() * 2 ** 31);
  console.log(count === 1 ? `seed=${first}` : `seed=${first} to ${first + count - 1}`);
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Says with a failure how to see it again. */
export async function withSeed(seed: number, run: (random: Random) => Promise<void> | void): Promise<void> {
  try {
    await run(createRandom(seed));
  } catch (error) {
    throw new Error(`seed=${seed} (SEED=${seed} replays it): ${(error as Error).message}`, { cause: error });
  }
}

/** Runs one task for each item, so many at once, and stops at the first that fails. */
export async function inParallel<T>(items: readonly T[], atOnce: number, run: (item: T) => Promise<void>) {
  const waiting = [...items];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await run(item);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
