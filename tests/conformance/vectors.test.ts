import { encodeBlock } from '@telltale/shared';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { createRandom, type Random, seeds, withSeed } from '../support/seed.ts';
import { VECTORS, type Vector, type VectorEvent } from './vectors.ts';

// What our readers make of bytes: the parser that the dashboard uses, fed as the dashboard feeds it. It shares nothing
// with our encoder, so what it reads back is what was said.

interface Read {
  readonly events: VectorEvent[];
  readonly retry: number[];
}

function read(chunks: Iterable<Uint8Array>): Read {
  const events: VectorEvent[] = [];
  const retry: number[] = [];
  let lastEventId = '';
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) => {
      lastEventId = id ?? lastEventId;
      events.push([event, data, lastEventId]);
    },
    onRetry: (ms) => void retry.push(ms),
  });
  const decoder = new TextDecoder();
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
  return { events, retry };
}

function split(bytes: Uint8Array, random: Random, most: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = random.whole(1, most);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const toBytes = (given: Vector['bytes']) =>
  typeof given === 'string' ? new TextEncoder().encode(given) : Uint8Array.from(given);

describe.each(Object.entries(VECTORS))('%s', (_, vectors) => {
  it.each(vectors)('$name', ({ bytes: given, events, retry = [], parser }) => {
    const expected: Read = { events: [...(parser?.events ?? events)], retry: [...retry] };
    const bytes = toBytes(given);
    expect(read([bytes])).toEqual(expected);
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
    for (let at = 0; at <= bytes.length; at++) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
    }
    const random = createRandom(bytes.length);
    for (let i = 0; i < 20; i++) expect(read(split(bytes, random, 7))).toEqual(expected);
  });
});

const nasty = fc.constantFrom(
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ud800',
  '\udc00',
  ':',
  ' ',
  'data: x',
  'id: 1',
  '\n\n',
  '☃',
  '𝄞',
);
/** Any, and no half of one: as what fast-check calls `binary`, which takes it two seconds to make. */
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10_ffff }))
  .map((code) => String.fromCodePoint(code));
const anyText = fc.string({ unit: fc.oneof(nasty, fc.string({ unit: anyCharacter })), maxLength: 20 });
/** What UTF-8 can carry and a field may hold; what it may not hold is refused (see wire.test.ts). */
const field = anyText.map((text) => text.replace(/[\r\n\0]/g, '').replace(/\p{Surrogate}/gu, ''));
const block = fc.record({
  event: field.filter((name) => name !== ''),
  id: field,
  data: fc.oneof(anyText, fc.jsonValue()),
  retry: fc.nat(),
});

describe('S13: what encodeBlock writes', () => {
  it(`is read back as it was, ${counts.roundTrips} times, however it is split`, {
    timeout: counts.timeoutMs,
  }, async () => {
    for (const seed of seeds(1)) {
      await withSeed(seed, (random) => {
        const property = fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
          const bytes = new TextEncoder().encode(blocks.map(encodeBlock).join(''));
          const { events, retry } = read(split(bytes, random, random.logarithmic(1, 500)));
          expect(retry).toEqual(blocks.map((one) => one.retry));
          expect(events.map(([event, data, id]) => ({ event, id, data: JSON.parse(data) }))).toEqual(
            blocks.map(({ event, id, data }) => ({ event, id, data: JSON.parse(JSON.stringify(data)) })),
          );
        });
        fc.assert(property, { numRuns: counts.roundTrips, seed });
      });
    }
  });

  it('is read back as it was when it is a megabyte on one line', () => {
    const data = 'a\r\n\0\ud800☃\u2028'.repeat(150_000);
    expect(data.length).toBeGreaterThan(1024 * 1024);
    const bytes = new TextEncoder().encode(encodeBlock({ event: 'cpu', id: 'a.1', data }));
    const { events } = read(split(bytes, createRandom(1), 64 * 1024));
    expect(events).toHaveLength(1);
    expect(events[0]?.[0]).toBe('cpu');
    expect(JSON.parse(events[0]?.[1] ?? '') === data).toBe(true);
  });

  it('is read in time that grows with its length, not with its square: one line in 20,000 chunks and more', () => {
    const chunk = new TextEncoder().encode('x'.repeat(64));
    const [start, end] = ['data: ', '\n\n'].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array];
    const measure = (chunks: number) => {
      const line = [start, ...Array.from({ length: chunks }, () => chunk), end];
      // The quickest of several: other programs can only make it slower.
      return Math.min(
        ...Array.from({ length: 7 }, () => {
          const startedAt = performance.now();
          expect(read(line).events[0]?.[1]).toHaveLength(64 * chunks);
          return performance.now() - startedAt;
        }),
      );
    };
    measure(20_000);
    const times = [20_000, 40_000, 80_000].map(measure) as [number, number, number];
    // Four times as long takes four times as long; a square would take sixteen times.
    expect(times[2] / times[0]).toBeLessThan(8);
  });
});
