/** A stream as bytes, and what a reader makes of it by the rules of the HTML Living Standard, 9.2.5 and 9.2.6. */
export interface Vector {
  readonly name: string;
  /** Text is encoded as UTF-8. */
  readonly bytes: string | readonly number[];
  readonly events: readonly VectorEvent[];
  /** Every reconnection time that takes effect. */
  readonly retry?: readonly number[];
  /** What eventsource-parser makes of it instead, where it is known to differ, and why that does no harm here. */
  readonly parser?: { readonly why: string; readonly events: readonly VectorEvent[] };
}

/** Type, data, and the last event id at that moment, which holds on until another comes. */
export type VectorEvent = readonly [type: string, data: string, lastEventId: string];

const message = (data: string, id = ''): VectorEvent => ['message', data, id];
const bytes = (...parts: readonly (string | number)[]): number[] =>
  parts.flatMap((part) => (typeof part === 'number' ? part : [...new TextEncoder().encode(part)]));
const LONG = 'x'.repeat(2_048);

/** By rule; the sources are the web-platform-tests (`eventsource/format-*`) and Chromium's parser tests. */
export const VECTORS: Readonly<Record<string, readonly Vector[]>> = {
  'P1 bytes are UTF-8, and what is not becomes U+FFFD': [
    { name: 'letters of one to four bytes', bytes: 'data: aü☃𝄞\n\n', events: [message('aü☃𝄞')] },
    { name: 'a byte that never occurs', bytes: bytes('data: a', 0xff, 'b\n\n'), events: [message('a\ufffdb')] },
    { name: 'a letter that is cut off', bytes: bytes('data: ', 0xe2, 0x98, '\n\n'), events: [message('\ufffd')] },
    { name: 'an overlong NUL', bytes: bytes('data: ', 0xc0, 0x80, '\n\n'), events: [message('\ufffd\ufffd')] },
    {
      name: 'a surrogate',
      bytes: bytes('data: ', 0xed, 0xa0, 0x80, '\n\n'),
      events: [message('\ufffd\ufffd\ufffd')],
    },
    { name: 'letters in the type and the id', bytes: 'event: ü\nid: ☃\ndata\n\n', events: [['ü', '', '☃']] },
    {
      name: 'no other line ends',
      bytes: 'data: a\u2028b\u2029c\u0085d\vf\fg\n\n',
      events: [message('a\u2028b\u2029c\u0085d\vf\fg')],
    },
  ],
  'P2 one byte order mark at the start is dropped, and no other': [
    { name: 'one', bytes: '\ufeffdata:1\n\ndata:2\n\n', events: [message('1'), message('2')] },
    { name: 'two', bytes: '\ufeff\ufeffdata:1\n\ndata:2\n\ndata:3\n\n', events: [message('2'), message('3')] },
    { name: 'a later one', bytes: 'data:1\n\n\ufeffdata:2\n\ndata:3\n\n', events: [message('1'), message('3')] },
    { name: 'one within data', bytes: 'data:\ufeff1\n\n', events: [message('\ufeff1')] },
    { name: 'nothing else', bytes: '\ufeff', events: [] },
  ],
  'P3 a line ends with LF, CR or CRLF': [
    { name: 'LF', bytes: 'data:1\n\ndata:2\n\n', events: [message('1'), message('2')] },
    { name: 'CR', bytes: 'data:1\r\rdata:2\r\r:\n', events: [message('1'), message('2')] },
    { name: 'CRLF', bytes: 'data:1\r\n\r\ndata:2\r\n\r\n', events: [message('1'), message('2')] },
    { name: 'all of them', bytes: 'data:test\r\ndata\ndata:test\r\n\r\n', events: [message('test\n\ntest')] },
    { name: 'CRLF as one end, not two', bytes: 'data:1\r\ndata:2\r\n\n', events: [message('1\n2')] },
    {
      name: 'CR and LF as a blank line after LF',
      bytes: 'data:1\n\r\ndata:2\n\n',
      events: [message('1'), message('2')],
    },
    { name: 'LF and CR as two ends', bytes: 'data:1\n\rdata:2\n\n', events: [message('1'), message('2')] },
    {
      name: 'a CR as the very last byte',
      bytes: 'data:1\r\r',
      events: [message('1')],
      parser: { why: 'it waits for the byte after a CR; our server writes LF', events: [] },
    },
  ],
  'P4 a line that begins with a colon is a comment': [
    { name: 'alone', bytes: ':\n: heartbeat\n\n:data:1\n\n', events: [] },
    {
      name: 'within a block, long, and with NUL',
      bytes: `data:1\r:\0\n:\r\ndata:2\n:${LONG}\rdata:3\n:data:fail\r:${LONG}\ndata:4\n\n`,
      events: [message('1\n2\n3\n4')],
    },
  ],
  'P5 the first colon ends the name, and one space after it is dropped': [
    { name: 'further colons', bytes: 'data:a:b: c\n\n', events: [message('a:b: c')] },
    { name: 'one space', bytes: 'data: a\n\n', events: [message('a')] },
    { name: 'two spaces', bytes: 'data:  a \n\n', events: [message(' a ')] },
    { name: 'a tab', bytes: 'data:\ttest\rdata: \ndata:test\n\n', events: [message('\ttest\n\ntest')] },
    { name: 'in every field', bytes: 'event:  a\nid:  1\ndata:x\n\n', events: [[' a', 'x', ' 1']] },
  ],
  'P6 a line without a colon is a name with an empty value': [
    {
      name: 'data',
      bytes: 'data:\n\ndata\ndata\n\ndata:test\n\n',
      events: [message(''), message('\n'), message('test')],
    },
    { name: 'event', bytes: 'event:a\nevent\ndata:1\n\n', events: [message('1')] },
    {
      name: 'id',
      bytes: 'id:1\ndata:1\n\nid\ndata:2\n\ndata:3\n\n',
      events: [message('1', '1'), message('2'), message('3')],
    },
    { name: 'retry', bytes: 'retry\ndata:1\n\n', events: [message('1')], retry: [] },
    { name: 'anything else', bytes: 'stuff\ndata:1\n\n', events: [message('1')] },
  ],
  'P7 names are exact': [
    { name: 'case', bytes: 'Data:1\nDATA:1\nEvent:a\nID:1\ndata:2\n\n', events: [message('2')] },
    { name: 'spaces', bytes: ' data:1\ndata :1\n\tdata:1\ndata:2\n\n', events: [message('2')] },
    {
      name: 'beginnings and more',
      bytes: 'dat:1\ndatax:1\ndata2\neven:a\nid2:1\nda-ta:1\ndata:2\n\n',
      events: [message('2')],
    },
    {
      name: 'NUL',
      bytes:
        'data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n',
      events: [message('\0\n 2\n1\n3\n\n4')],
    },
  ],
  'P8 data lines are joined by LF, and NUL is legal': [
    { name: 'several', bytes: 'data:1\ndata:2\ndata:3\n\n', events: [message('1\n2\n3')] },
    { name: 'an empty last one', bytes: 'data:1\ndata:\n\n', events: [message('1\n')] },
    { name: 'with other fields between', bytes: 'data:1\nid:7\ndata:2\nevent:e\n\n', events: [['e', '1\n2', '7']] },
    { name: 'NUL', bytes: 'data:a\0b\n\n\n\n', events: [message('a\0b')] },
  ],
  'P9 the last type of a block counts, and for that block alone': [
    { name: 'one', bytes: 'event:test\ndata:x\n\ndata:x\n\n', events: [['test', 'x', ''], message('x')] },
    { name: 'two', bytes: 'event:a\nevent:b\ndata:x\n\n', events: [['b', 'x', '']] },
    { name: 'an empty one', bytes: 'event: \ndata:data\n\n', events: [message('data')] },
    { name: 'one in a block without data', bytes: 'event:a\n\ndata:x\n\n', events: [message('x')] },
  ],
  'P10 an id holds on until another comes': [
    { name: 'events without', bytes: 'id:1\ndata:a\n\ndata:b\n\n', events: [message('a', '1'), message('b', '1')] },
    { name: 'two in a block', bytes: 'id:1\nid:2\ndata:a\n\n', events: [message('a', '2')] },
    { name: 'an empty one', bytes: 'id:1\ndata:a\n\nid:\ndata:b\n\n', events: [message('a', '1'), message('b')] },
    {
      name: 'with NUL it is none',
      bytes: 'id:1\ndata:a\n\nid:2\0\ndata:b\n\n',
      events: [message('a', '1'), message('b', '1')],
    },
    {
      name: 'in a block without data',
      bytes: 'id:1\ndata:a\n\nid:2\n\ndata:b\n\n',
      events: [message('a', '1'), message('b', '2')],
      parser: {
        why: 'it says nothing of a block without data: its reader comes back a little earlier, or looks itself',
        events: [message('a', '1'), message('b', '1')],
      },
    },
  ],
  'P11 a reconnection time is digits, and counts at once': [
    { name: 'digits', bytes: 'retry:03000\n', events: [], retry: [3_000] },
    { name: 'after a space', bytes: 'retry: 12\ndata:x\n\n', events: [message('x')], retry: [12] },
    { name: 'several', bytes: 'retry:1\nretry:2\n', events: [], retry: [1, 2] },
    {
      name: 'nothing else',
      bytes: 'retry:3000\nretry:1000x\nretry:-1\nretry:1e3\nretry:1.5\nretry:\nretry:  7\nretry:١\ndata:x\n\n',
      events: [message('x')],
      retry: [3_000],
    },
  ],
  'P12 a block without data is no event': [
    { name: 'blank lines', bytes: '\n\n\n\r\n\r\n', events: [] },
    { name: 'a type', bytes: 'event:a\n\n', events: [] },
    { name: 'a type and an id', bytes: 'event:a\nid:1\n\n', events: [] },
  ],
  'P13 a block that was not ended is dropped': [
    { name: 'within a line', bytes: 'data:1\n\ndata:2', events: [message('1')] },
    {
      name: 'after a line',
      bytes: 'retry:1000\ndata:test1\n\nid:test\ndata:test2\n',
      events: [message('test1')],
      retry: [1_000],
    },
    { name: 'within a letter', bytes: bytes('data:1\n\ndata:', 0xe2, 0x98), events: [message('1')] },
  ],
};
