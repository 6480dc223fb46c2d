/** `npm run soak`: the same tests, with counts for which nobody waits at every change. */
const soak = process.env['SOAK'] === '1';

/** How often what is repeated is repeated, and how long a test of that may take. */
export const counts = {
  /** How often a property is tried where its test names no number of its own. */
  randomRuns: soak ? 1_000 : 50,
  /** Values that are written and read back. */
  roundTrips: soak ? 100_000 : 1_000,
  /** Readers that are cut at random. */
  cuts: soak ? 1_000 : 100,
  /** Sessions of HTTP/2 that are cut at random, each with some streams. */
  sessions: soak ? 500 : 60,
  /** Streams of one session that are reset. A server bears a thousand at once and some thirty a second after that. */
  resets: soak ? 400 : 100,
  /** Sessions that say that they go away, and ask for more. */
  goaways: soak ? 2_000 : 120,
  /** Connections that come and go between two looks at the memory. */
  cycles: soak ? 2_000 : 300,
  /** The same of sessions of HTTP/2. */
  visits: soak ? 1_000 : 87,
  /** Gaps of a reader whose line is too narrow, each after some seconds. */
  gaps: soak ? 8 : 1,
  /** Writers of history that are killed, and files of it that are cut short or have bits turned over. */
  kills: soak ? 200 : 8,
  damages: soak ? 1_000 : 30,
  /** How long a server is watched for slow leaks. The log of ten minutes is filled in that time. */
  soakMs: soak ? Number(process.env['SOAK_MINUTES'] ?? 4) * 60_000 : 6_000,
  /** Whether to wait for what takes minutes. */
  patient: soak,
  timeoutMs: soak ? 300_000 : 60_000,
} as const;
