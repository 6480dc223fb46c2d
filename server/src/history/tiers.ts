const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How densely a tier of the history lies, and how much of it is packed together. */
export interface Tier {
  readonly name: TierName;
  /** The interval that a row covers; 0 for as sampled. */
  readonly stepMs: number;
  /** A chunk holds what ends in one window, whose borders are multiples of this. */
  readonly windowMs: number;
}

export const TIER_NAMES = ['raw', 'minute', 'hour'] as const;
export type TierName = (typeof TIER_NAMES)[number];

/** Finest first. Windows of rolled-up tiers hold 240 rows: they are packed anew whenever some are added. */
export const TIERS: Readonly<Record<TierName, Tier>> = {
  raw: { name: 'raw', stepMs: 0, windowMs: 10 * MINUTE },
  minute: { name: 'minute', stepMs: MINUTE, windowMs: 4 * HOUR },
  hour: { name: 'hour', stepMs: HOUR, windowMs: 10 * DAY },
};

/** The end of the interval of that length that holds a moment. An interval holds its end, not its beginning. */
export const endOfStep = (at: number, stepMs: number): number => Math.ceil(at / stepMs) * stepMs;
