import { formatText, type Series, type Unit } from '@telltale/shared';
import type { Choices } from '../../client/index.ts';

/** How numbers of a series are written: in which unit, and how many of that are one of the series' own. */
export interface Display {
  readonly unit: Unit;
  readonly factor: number;
}

const BITS: Display = { unit: 'bitsPerSecond', factor: 8 };

/** What the page wants to read: only rates of the network are ever meant in bits; disks and counters stay in bytes. */
export function displayOf(
  { metric, meta }: Pick<Series, 'metric' | 'meta'>,
  { rates }: Pick<Choices, 'rates'>,
): Display {
  return rates === 'bits' && metric === 'network' && meta.unit === 'bytesPerSecond'
    ? BITS
    : { unit: meta.unit, factor: 1 };
}

/** That of several series on one scale: what they do not agree on is written in their own unit, which they share. */
export function commonDisplay(all: readonly Series[], choices: Pick<Choices, 'rates'>): Display {
  const displays = all.map((series) => displayOf(series, choices));
  const [first = { unit: 'count', factor: 1 } as const] = displays;
  return displays.every(({ unit }) => unit === first.unit) ? first : { unit: (all[0] as Series).meta.unit, factor: 1 };
}

/** A number as the page wants it, absent as it was. */
export const scaled = (value: number | null, { factor }: Display): number | null =>
  value === null ? null : value * factor;

export const displayText = (value: number | null, display: Display): string =>
  formatText(scaled(value, display), display.unit);
