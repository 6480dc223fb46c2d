import { Gunzip, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Body, GzipEncoder, identity } from './encoding.ts';

/** A reader of a gzip body: what it was sent, and what it should make of it. */
class Reader {
  readonly body: Body;
  readonly expected: Buffer[] = [];
  readonly sent: Buffer[];
  following = false;

  constructor(encoder: GzipEncoder) {
    this.body = encoder.open();
    this.sent = [this.body.head];
  }

  alone(bytes: Buffer) {
    this.sent.push(this.body.alone(bytes));
    this.expected.push(bytes);
  }

  /** Node checks length and checksum at the end. */
  decoded(): Buffer {
    return gunzipSync(Buffer.concat([...this.sent, this.body.tail()]));
  }
}

const tick = (i: number) => Buffer.from(`event: cpu\nid: e.${i}\ndata: {"at":${i},"usage":${(i * 7) % 100}}\n\n`);

describe('gzip shared by many', () => {
  it('is decoded by each, whenever it joined, was written to alone, or left for a while', () => {
    const steps = fc.array(
      fc.record({ kind: fc.constantFrom('tick', 'join', 'alone', 'leave', 'follow'), who: fc.nat() }),
      {
        maxLength: 120,
      },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const encoder = new GzipEncoder();
        const readers: Reader[] = [];
        list.forEach(({ kind, who }, i) => {
          const reader = readers[who % Math.max(1, readers.length)];
          if (kind === 'tick') {
            const bytes = tick(i);
            const encoded = encoder.shared(bytes);
            for (const each of readers) {
              if (!each.following) continue;
              each.sent.push(encoded);
              each.expected.push(bytes);
            }
          } else if (kind === 'join') {
            const joined = new Reader(encoder);
            joined.alone(Buffer.from(`event: hello ${i}\n\n`));
            joined.body.follow();
            joined.following = true;
            readers.push(joined);
          } else if (reader && kind === 'alone') {
            reader.alone(Buffer.from(`for ${who} alone\n\n`));
          } else if (reader && kind === 'leave' && reader.following) {
            reader.body.leave();
            reader.following = false;
          } else if (reader && kind === 'follow' && !reader.following) {
            // Nobody follows again without having been told what it missed.
            reader.alone(Buffer.from('event: gap\n\n'));
            reader.body.follow();
            reader.following = true;
          }
        });
        for (const reader of readers)
          expect(reader.decoded().toString()).toBe(Buffer.concat(reader.expected).toString());
      }),
      { numRuns: 200 },
    );
  });

  it('lets every piece be read when it arrives', async () => {
    const encoder = new GzipEncoder();
    const body = encoder.open();
    const gunzip = new Gunzip();
    const pieces: string[] = [];
    gunzip.on('data', (bytes: Buffer) => pieces.push(bytes.toString()));
    const arrives = (bytes: Buffer) => new Promise<void>((resolve) => gunzip.write(bytes, () => resolve()));
    await arrives(Buffer.concat([body.head, body.alone(Buffer.from('hello'))]));
    expect(pieces.join('')).toBe('hello');
    body.follow();
    await arrives(encoder.shared(tick(1)));
    await arrives(encoder.shared(tick(2)));
    expect(pieces.join('')).toBe(`hello${tick(1)}${tick(2)}`);
  });

  it('costs a third or less of the plain bytes while nobody joins', () => {
    const encoder = new GzipEncoder();
    let plain = 0;
    let coded = 0;
    for (let i = 0; i < 100; i++) {
      plain += tick(i).length;
      coded += encoder.shared(tick(i)).length;
    }
    expect(coded * 2).toBeLessThan(plain);
  });
});

describe('no coding', () => {
  it('changes nothing', () => {
    const body = identity.open();
    expect(Buffer.concat([body.head, body.alone(tick(1)), identity.shared(tick(2)), body.tail()])).toEqual(
      Buffer.concat([tick(1), tick(2)]),
    );
  });
});
