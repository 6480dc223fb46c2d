import type { TierName } from '../tiers.ts';
import type { Chunk, ChunkKey, JournalEntry, Mark, Shelf, TierReport } from './shelf.ts';

interface Kept extends Chunk {
  readonly body: Buffer;
}

/** Chunks in memory, for as long as the process lives. */
export class MemoryShelf implements Shelf {
  readonly kind = 'memory';
  #chunks = new Map<number, Kept>();
  #marks: Mark[] = [];
  #bytes = 0;
  #nextId = 1;

  get usedBytes(): number {
    return this.#bytes;
  }

  transaction(change: () => void): void {
    const before = { chunks: new Map(this.#chunks), marks: [...this.#marks], bytes: this.#bytes };
    try {
      change();
    } catch (error) {
      this.#chunks = before.chunks;
      this.#marks = before.marks;
      this.#bytes = before.bytes;
      throw error;
    }
  }

  put(key: ChunkKey, body: Buffer): void {
    const id = this.#nextId++;
    this.#chunks.set(id, { ...key, id, bytes: body.length, body });
    this.#bytes += body.length;
  }

  remove(id: number): void {
    this.#bytes -= this.#chunks.get(id)?.bytes ?? 0;
    this.#chunks.delete(id);
  }

  find(tier: TierName, metric: string, from: number, to: number): Chunk[] {
    return this.#of(tier).filter((chunk) => chunk.metric === metric && chunk.last > from && chunk.first <= to);
  }

  oldest(tier: TierName, limit: number): Chunk[] {
    return this.#of(tier).slice(0, limit);
  }

  metrics(tier: TierName): string[] {
    return [...new Set(this.#of(tier).map(({ metric }) => metric))].sort();
  }

  body({ id }: Chunk): Buffer | null {
    return this.#chunks.get(id)?.body ?? null;
  }

  report(tier: TierName): TierReport {
    const own = this.#of(tier);
    const total = (of: (chunk: Chunk) => number) => own.reduce((sum, chunk) => sum + of(chunk), 0);
    return {
      chunks: own.length,
      bytes: total(({ bytes }) => bytes),
      samples: total(({ samples }) => samples),
      first: own.length === 0 ? null : Math.min(...own.map(({ first }) => first)),
      last: own.at(-1)?.last ?? null,
    };
  }

  // A crash takes the memory with it, so there is nothing to keep against one.
  addJournal(): void {}

  journal(): JournalEntry[] {
    return [];
  }

  clearJournal(): void {}

  addMark(mark: Mark): void {
    this.#marks.push(mark);
  }

  marks(from: number, to: number): Mark[] {
    return this.#marks.filter((mark) => mark.to > from && mark.from < to);
  }

  removeMarks(before: number): void {
    this.#marks = this.#marks.filter(({ to }) => to >= before);
  }

  settle(): void {}

  reclaim(): boolean {
    return false;
  }

  isInPlace(): boolean {
    return true;
  }

  close(): void {}

  /** In the order of time. */
  #of(tier: TierName): Kept[] {
    return [...this.#chunks.values()]
      .filter((chunk) => chunk.tier === tier)
      .sort((a, b) => a.last - b.last || a.id - b.id);
  }
}
