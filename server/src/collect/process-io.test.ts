import { describe, expect, it } from 'vitest';
import { parseProcessIo } from './process-io.ts';

/** Linux 6.18: a shell whose children had written, and deleted some of it. */
const SHELL = `rchar: 146824902
wchar: 11193212
syscr: 94468
syscw: 9579
read_bytes: 31752192
write_bytes: 31854592
cancelled_write_bytes: 8245248
`;
/** Linux 6.18: `dd if=/dev/zero of=FILE oflag=direct bs=1M`, before it has ended. */
const DD = `rchar: 227547968
wchar: 227540992
syscr: 227
syscw: 217
read_bytes: 4096
write_bytes: 227577856
cancelled_write_bytes: 0
`;

describe('the io of a process', () => {
  it('is what went to and came from the storage layer, and not what was asked of the page cache', () => {
    expect(parseProcessIo(SHELL)).toEqual({ read: 31_752_192, written: 31_854_592, cancelled: 8_245_248 });
    expect(parseProcessIo(DD)).toEqual({ read: 4_096, written: 227_577_856, cancelled: 0 });
  });

  it('is read as well where a later kernel tells more', () => {
    const more = `${SHELL.replace('read_bytes', 'zeros: 1\nread_bytes')}remote_bytes: 5\n`;
    expect(parseProcessIo(more)).toEqual(parseProcessIo(SHELL));
  });

  it.each([
    ['nothing', ''],
    ['zeros', '\0\0\0'],
    ['no bytes that were read', SHELL.replace(/^read_bytes.*\n/m, '')],
    ['no bytes that were written', SHELL.replace(/^write_bytes.*\n/m, '')],
    ['nothing of what was cut off', SHELL.replace(/^cancelled.*\n/m, '')],
    ['a word for a number', SHELL.replace('31752192', 'many')],
    ['nothing for a number', SHELL.replace('31752192', '')],
    ['a number below zero', SHELL.replace('31752192', '-1')],
    ['a number of another base', SHELL.replace('31752192', '0x10')],
    ['a fraction', SHELL.replace('31752192', '1.5')],
    ['more than 64 bits', SHELL.replace('31752192', '9'.repeat(21))],
    ['a unit', SHELL.replace('31752192', '31752192 kB')],
    ['something else', '{"read_bytes": 1}'],
  ])('is refused with %s', (_, text) => expect(parseProcessIo(text)).toBeInstanceOf(Error));

  it('is refused wherever it is cut short', () => {
    for (let length = 0; length < SHELL.length; length++) {
      expect(parseProcessIo(SHELL.slice(0, length)), `${length}`).toBeInstanceOf(Error);
    }
  });
});
