import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock } from './wire.ts';

const text = fc.string({
  unit: fc.oneof(fc.constantFrom('\r', '\n', '\0', '\u2028', '\ud800', ':', ' ', 'data'), fc.string()),
});
const field = text.map((raw) => raw.replace(/[\r\n\0]/g, ''));

describe('S13: encodeBlock', () => {
  it('writes event, id and data in this order and ends with a blank line', () => {
    expect(encodeBlock({ event: 'cpu', id: 'abc.1', data: { usage: 5 } })).toBe(
      'event: cpu\nid: abc.1\ndata: {"usage":5}\n\n',
    );
    expect(encodeBlock({ id: 'abc.1' })).toBe('id: abc.1\n\n');
    expect(encodeBlock({ retry: 1_500 })).toBe('retry: 1500\n\n');
  });

  it.each(['\r', '\n', '\0', '\r\n'])('refuses %j in an event and in an id', (breaking) => {
    for (const place of [`a${breaking}`, `${breaking}a`, `a${breaking}data: forged`]) {
      expect(() => encodeBlock({ event: place })).toThrow(RangeError);
      expect(() => encodeBlock({ id: place })).toThrow(RangeError);
    }
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21])('refuses to retry after %d ms', (retry) => {
    expect(() => encodeBlock({ retry })).toThrow(RangeError);
  });

  it.each([
    ['an event without a name', { event: '' }],
    ['a function', { data: () => {} }],
    ['a symbol', { data: Symbol('x') }],
  ])('refuses %s', (_, block) => expect(() => encodeBlock(block)).toThrow(RangeError));

  it('keeps data on one line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), text), (data) => {
        const block = encodeBlock({ data });
        expect(block.slice(0, -2)).not.toMatch(/[\r\n\0]/);
        expect(block.startsWith('data: ')).toBe(true);
      }),
    );
  });
});

describe('S13: decodeBlock', () => {
  it('reads what encodeBlock wrote, for all names, ids and values', () => {
    const event = field.filter((name) => name !== '');
    fc.assert(
      fc.property(event, field, fc.oneof(fc.jsonValue(), text), fc.nat(), (name, id, data, retry) => {
        const decoded = decodeBlock(encodeBlock({ event: name, id, data, retry }));
        expect(decoded).toEqual({ event: name, id, data: JSON.stringify(data), retry });
        expect(JSON.parse(decoded.data as string)).toEqual(JSON.parse(JSON.stringify(data)));
      }),
      { numRuns: 500 },
    );
  });

  it('gives text back as it was: line ends, NUL, lone surrogates', () => {
    fc.assert(
      fc.property(text, (data) => {
        expect(JSON.parse(decodeBlock(encodeBlock({ data })).data as string)).toBe(data);
      }),
    );
  });

  it.each([
    ['CRLF and CR as line ends', 'event: a\r\nid: 1\rdata: x', { event: 'a', id: '1', data: 'x' }],
    ['data over several lines', 'data: a\ndata\ndata: b', { data: 'a\n\nb' }],
    ['one space after the colon and no more', 'data:  a', { data: ' a' }],
    ['no space after the colon', 'data:a:b', { data: 'a:b' }],
    ['comments', ': hello\ndata: a', { data: 'a' }],
    ['the last event', 'event: a\nevent: b', { event: 'b' }],
    ['no id with a NUL', 'id: 1\nid: a\0b', { id: '1' }],
    ['an empty id', 'id', { id: '' }],
    ['digits only as retry', 'retry: 1000x\nretry: -1\nretry: 1e3\nretry:\nretry: 0042', { retry: 42 }],
    ['no unknown fields', 'Data: a\n data: b\nfoo: c', {}],
    ['nothing', '', {}],
  ])('reads %s', (_, block, expected) => expect(decodeBlock(block)).toEqual(expected));
});
