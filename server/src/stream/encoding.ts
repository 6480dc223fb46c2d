import { constants, crc32, deflateRawSync } from 'node:zlib';
import { crcOfBoth, crcOfRest } from './crc32.ts';

/** How the body of one response is written, as its subscriber sees it. */
export interface Body {
  /** What comes before anything else. */
  readonly head: Buffer;
  /** Bytes for this subscriber alone. */
  alone(bytes: Buffer): Buffer;
  /** From here on this subscriber is handed what {@link Encoder.shared} makes, without a break. */
  follow(): void;
  /** From here on it is not. */
  leave(): void;
  /** What comes after everything else. */
  tail(): Buffer;
}

/** A content coding, shared by all subscribers that are sent the same bytes. */
export interface Encoder {
  /** The name in `Content-Encoding`, or `null` for none. */
  readonly name: 'gzip' | null;
  open(): Body;
  /** The same bytes for every subscriber that follows: encoded once, however many there are. */
  shared(bytes: Buffer): Buffer;
}

const NOTHING = Buffer.alloc(0);
const plainBody: Body = { head: NOTHING, alone: (bytes) => bytes, follow() {}, leave() {}, tail: () => NOTHING };

/** No coding at all. */
export const identity: Encoder = { name: null, open: () => plainBody, shared: (bytes) => bytes };

/** RFC 1952, 2.3: magic, deflate, no flags, no time, no extra flags, operating system unknown. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** RFC 1951, 3.2.6: a last block with fixed codes that holds nothing. */
const LAST_BLOCK = [3, 0];
/** Events resemble those of the ticks before; more of the past saves nothing and costs time at every tick. */
const DICTIONARY_BYTES = 16 * 1024;

/** Ends on a byte, so that a reader can decode all of it at once and anything may follow (RFC 1951, 3.2.4). */
const flushed = (bytes: Buffer, dictionary: Buffer) =>
  deflateRawSync(bytes, {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary.length > 0 ? { dictionary } : {}),
  });

/**
 * gzip with one compressor for all. Each piece is compressed against the pieces before it, as one long deflate stream
 * would be. Whoever is written to alone, at the beginning or after being slow, has another past: the next shared piece
 * refers to nothing before itself, and so fits behind any past. The price of a joiner is one piece compressed less well.
 */
export class GzipEncoder implements Encoder {
  readonly name = 'gzip';
  #dictionary = NOTHING;
  /** Of everything that was shared so far: a subscriber's own checksum is worked out from it when it leaves. */
  #crc = 0;
  #length = 0;

  shared(bytes: Buffer): Buffer {
    const encoded = flushed(bytes, this.#dictionary);
    this.#dictionary = Buffer.concat([this.#dictionary, bytes]).subarray(-DICTIONARY_BYTES);
    this.#crc = crc32(bytes, this.#crc);
    this.#length += bytes.length;
    return encoded;
  }

  open(): Body {
    let crc = 0;
    let length = 0;
    let following: { readonly crc: number; readonly length: number } | null = null;
    const settle = () => {
      if (!following) return;
      const added = this.#length - following.length;
      crc = crcOfBoth(crc, crcOfRest(following.crc, this.#crc, added), added);
      length += added;
      following = { crc: this.#crc, length: this.#length };
    };
    return {
      head: GZIP_HEAD,
      alone: (bytes) => {
        settle();
        this.#dictionary = NOTHING;
        crc = crc32(bytes, crc);
        length += bytes.length;
        return flushed(bytes, NOTHING);
      },
      follow: () => {
        following = { crc: this.#crc, length: this.#length };
      },
      leave: () => {
        settle();
        following = null;
      },
      tail: () => {
        settle();
        const tail = Buffer.alloc(LAST_BLOCK.length + 8);
        tail.set(LAST_BLOCK);
        tail.writeUInt32LE(crc, LAST_BLOCK.length);
        tail.writeUInt32LE(length % 2 ** 32, LAST_BLOCK.length + 4);
        return tail;
      },
    };
  }
}
