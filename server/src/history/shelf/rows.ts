import { GAP_REASONS } from '@telltale/shared';
import { TIER_NAMES, type TierName } from '../tiers.ts';
import type { Chunk, Mark } from './shelf.ts';

// What a row of the file is, and back. Every column is cast when it is read: in a damaged row any may be of any type, and
// at text that is not UTF-8 the library ends the process.

export const CHUNK_COLUMNS = ['tier', 'first', 'last', 'samples', 'bytes']
  .map((name) => `CAST(${name} AS INTEGER) AS ${name}`)
  .concat('id', 'CAST(metric AS BLOB) AS metric')
  .join(', ');

export interface ChunkRow extends Omit<Chunk, 'tier' | 'metric'> {
  readonly tier: number;
  readonly metric: ArrayBuffer;
}

export const codeOfTier = (tier: TierName): number => TIER_NAMES.indexOf(tier);
export const bytesOfText = (text: string): Buffer => Buffer.from(text);
export const textOfBytes = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString();

/** A chunk that claims to be of a tier that there is not is damaged, which its sum shows. */
export function toChunk({ tier, metric, ...rest }: ChunkRow): Chunk {
  return { ...rest, tier: TIER_NAMES[tier] ?? 'raw', metric: textOfBytes(metric) };
}

export const MARK_COLUMNS = ['"from"', '"to"', 'reason']
  .map((name) => `CAST(${name} AS INTEGER) AS ${name}`)
  .join(', ');

export interface MarkRow extends Omit<Mark, 'reason'> {
  readonly reason: number;
}

export const codeOfReason = (reason: Mark['reason']): number => GAP_REASONS.indexOf(reason);
export const toMark = ({ from, to, reason }: MarkRow): Mark => ({ from, to, reason: GAP_REASONS[reason] ?? 'unknown' });
