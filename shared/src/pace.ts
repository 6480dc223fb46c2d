/** The paces at which the stream can be read, in ms. */
export const PACES = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;
export type Pace = (typeof PACES)[number];

const BY_NAME = new Map<string, Pace>([
  ['100ms', 100],
  ['200ms', 200],
  ['500ms', 500],
  ['1s', 1_000],
  ['2s', 2_000],
  ['5s', 5_000],
  ['10s', 10_000],
  ['30s', 30_000],
  ['60s', 60_000],
]);

export const PACE_NAMES: readonly string[] = [...BY_NAME.keys()];

/** Reads a pace as it is written in `interval=`; `null` when it is none of {@link PACE_NAMES}. */
export function parsePace(text: string): Pace | null {
  return BY_NAME.get(text) ?? null;
}
