/** `npm run soak`: the same tests, with counts for which nobody waits at every change. */
const soak = process.env['SOAK'] === '1';

/** How often what is repeated is repeated, and how long a test of that may take. */
export const counts = {
  /** Values that are written and read back. */
  roundTrips: soak ? 100_000 : 1_000,
  /** Readers that are cut at random. */
  cuts: soak ? 1_000 : 200,
  /** Connections that come and go between two looks at the memory. */
  cycles: soak ? 2_000 : 300,
  timeoutMs: soak ? 300_000 : 60_000,
} as const;
