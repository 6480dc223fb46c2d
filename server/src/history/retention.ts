import { parseDuration } from '@telltale/shared';
import { TIER_NAMES, type TierName } from './tiers.ts';

/** How long each tier is kept, in ms, and how many bytes all of them may take together. */
export interface Retention {
  readonly ageMs: Readonly<Record<TierName, number>>;
  readonly bytes: number;
}

export const DEFAULT_RETENTION = 'raw=30d,minute=1y,hour=10y,bytes=1GiB';
/** For who changes a history without being its keeper. */
export const KEEP_ALL: Retention = {
  ageMs: { raw: Number.POSITIVE_INFINITY, minute: Number.POSITIVE_INFINITY, hour: Number.POSITIVE_INFINITY },
  bytes: Number.POSITIVE_INFINITY,
};
/** Less holds hardly an hour, and the file would be packed and cut all the time. */
const MIN_BYTES = 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
const YEAR_MS = 365 * 86_400_000;

function parseAge(text: string): number | null {
  const years = /^(\d{1,4})y$/.exec(text);
  return years ? Number(years[1]) * YEAR_MS : parseDuration(text);
}

function parseBytes(text: string): number | null {
  const match = /^(\d{1,9})(B|KiB|MiB|GiB|TiB)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] as string] as number) : null;
}

/** Reads `raw=30d,minute=1y,hour=10y,bytes=1GiB`; what is left out is as in that. An `Error` says what would be right. */
export function parseRetention(text: string): Retention | Error {
  const ages: Partial<Record<TierName, number>> = {};
  let bytes: number | null = null;
  for (const part of [...DEFAULT_RETENTION.split(','), ...text.split(',').filter((each) => each.trim() !== '')]) {
    const [name = '', value = ''] = part.trim().split('=');
    const tier = TIER_NAMES.find((each) => each === name);
    if (tier) {
      const age = parseAge(value);
      if (age === null || age === 0) return new Error(`"${part}": an age like 30d, 24h or 1y is needed`);
      ages[tier] = age;
    } else if (name === 'bytes') {
      bytes = parseBytes(value);
      if (bytes === null || bytes < MIN_BYTES)
        return new Error(`"${part}": a size of 1MiB or more is needed, like 500MiB`);
    } else {
      return new Error(`"${part}" is not one of raw=AGE, minute=AGE, hour=AGE, bytes=SIZE`);
    }
  }
  return { ageMs: ages as Record<TierName, number>, bytes: bytes as number };
}
