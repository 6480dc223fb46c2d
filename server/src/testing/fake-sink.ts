import { type DecodedBlock, decodeBlock } from '@telltale/shared';
import type { Sink } from '../stream/sink.ts';

/** A reader's end of a connection: takes everything at once, or nothing while it is `stuck`. */
export class FakeSink implements Sink {
  readonly framing = 'none';
  stuck = false;
  ended = false;
  destroyed = false;
  /** Where the kernel would tell of it. */
  inode: string | null = null;
  /** Told about every write. */
  onWrite: (bytes: Buffer) => void = () => {};
  #text = '';
  #pending = 0;

  write(bytes: Buffer): void {
    this.#text += bytes.toString('utf8');
    if (this.stuck) this.#pending += bytes.length;
    this.onWrite(bytes);
  }

  pending(): number {
    return this.#pending;
  }

  unacknowledged(ofConnection: number): number {
    return ofConnection;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  abandon(): void {
    this.destroyed = true;
  }

  /** The kernel takes what was waiting. */
  drain(): void {
    this.#pending = 0;
  }

  /** What was written since the last call, block by block. */
  take(): DecodedBlock[] {
    const blocks = this.#text.split('\n\n').slice(0, -1);
    this.#text = '';
    return blocks.map(decodeBlock);
  }
}
