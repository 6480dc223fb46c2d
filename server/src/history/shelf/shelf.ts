import { crc32 } from 'node:zlib';
import type { GapReason } from '@telltale/shared';
import type { TierName } from '../tiers.ts';

/** What a chunk is: some time of one metric in one tier. */
export interface ChunkKey {
  readonly tier: TierName;
  /** The metric's name; `process.top` for the minutes' processes. */
  readonly metric: string;
  /** The first and the last row's `at`, epoch ms. */
  readonly first: number;
  readonly last: number;
  /** How many numbers it holds that are not absent. */
  readonly samples: number;
}

/** A chunk as it lies on a shelf. */
export interface Chunk extends ChunkKey {
  readonly id: number;
  readonly bytes: number;
}

/** What was written since the chunks that it will become were begun, so that a crash does not lose it. */
export interface JournalEntry {
  /** What is packed into chunks together. */
  readonly generation: number;
  readonly body: Buffer;
}

/** Why nothing was recorded for a while, or time went back. Epoch ms. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
}

export interface TierReport {
  readonly chunks: number;
  readonly bytes: number;
  readonly samples: number;
  /** The first and the last row, epoch ms; `null` while there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

/**
 * Where chunks lie. Nothing here knows what is in them. All of it is synchronous, and may throw what the system says; what
 * is read was checked against the sum that it was stored with.
 */
export interface Shelf {
  readonly kind: 'sqlite' | 'memory';
  /** All that `change` does happens, or nothing of it. */
  transaction(change: () => void): void;

  put(key: ChunkKey, body: Buffer): void;
  remove(id: number): void;
  /** Chunks that hold something after `from` up to and with `to`, oldest first. */
  find(tier: TierName, metric: string, from: number, to: number): Chunk[];
  /** The oldest chunks of a tier, of whatever metric. */
  oldest(tier: TierName, limit: number): Chunk[];
  /** The metrics of which a tier has something. */
  metrics(tier: TierName): string[];
  /** `null` where it is damaged. */
  body(chunk: Chunk): Buffer | null;
  report(tier: TierName): TierReport;

  addJournal(entry: JournalEntry): void;
  /** In the order in which they were added, without those that are damaged. */
  journal(): JournalEntry[];
  clearJournal(generation: number): void;

  addMark(mark: Mark): void;
  marks(from: number, to: number): Mark[];
  removeMarks(before: number): void;

  /** Puts what was committed where it is to stay, if that is another place than where it was written first. */
  settle(): void;
  /** What all of it takes. */
  readonly usedBytes: number;
  /** Gives back space that is no longer used, a little at a time. Answers whether there is more. */
  reclaim(): boolean;
  /** Whether it is still where it was opened: somebody may have taken the files away. */
  isInPlace(): boolean;
  close(): void;
}

/** How long a chunk may span: a search looks no further than this beyond its range. */
export const MAX_SPAN_MS = 11 * 86_400_000;

/** The sum that a chunk is stored with, over its key and its body: a body under a wrong key is damage, too. */
export function sumOf({ tier, metric, first, last, samples }: ChunkKey, body: Buffer): number {
  return crc32(body, crc32(JSON.stringify([tier, metric, first, last, samples])));
}

/** The same for an entry of the journal. */
export function sumOfEntry({ generation, body }: JournalEntry): number {
  return crc32(body, crc32(String(generation)));
}
