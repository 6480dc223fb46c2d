import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crcOfBoth, crcOfRest } from './crc32.ts';

const bytes = fc.uint8Array({ maxLength: 5_000 });

describe('the checksum of parts', () => {
  it('is that of the whole, as zlib works it out', () => {
    fc.assert(
      fc.property(bytes, bytes, (first, second) => {
        const whole = crc32(Buffer.concat([first, second]));
        expect(crcOfBoth(crc32(first), crc32(second), second.length)).toBe(whole);
        expect(crcOfRest(crc32(first), whole, second.length)).toBe(crc32(second));
      }),
    );
  });
});
