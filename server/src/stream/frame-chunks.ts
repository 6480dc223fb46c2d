/** Small beside the log, large beside an event: what is left over at the end of one is a few percent of it. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Encodes text into large pieces of its own. `Buffer.from` takes a slice of a pool that all of the process shares, and a
 * slice that is kept keeps its whole 8 KiB: a log of 15 MiB in events of 300 bytes was measured to hold 262 MiB.
 * What is kept in the order of its making, as in a log, is freed in that order, a chunk at a time.
 */
export class FrameChunks {
  #chunk = Buffer.alloc(0);
  #used = 0;

  encode(text: string): Buffer {
    const length = Buffer.byteLength(text);
    // Long ones would leave much of a chunk unused.
    if (length > CHUNK_BYTES / 16) {
      const own = Buffer.allocUnsafeSlow(length);
      own.write(text);
      return own;
    }
    if (this.#used + length > this.#chunk.length) {
      this.#chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      this.#used = 0;
    }
    const frame = this.#chunk.subarray(this.#used, this.#used + length);
    frame.write(text);
    this.#used += length;
    return frame;
  }
}
