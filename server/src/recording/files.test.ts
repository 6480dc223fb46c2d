import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeHead, encodeRecorded, type RecordedEvent } from '@telltale/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExitError } from '../errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { HEAD, recorded } from '../testing/recorded.ts';
import { openRecording } from './read-recording.ts';
import { createRecording } from './write-recording.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-recording-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const clock = new FakeClock();
const events = Array.from({ length: 500 }, (_, i) => recorded('cpu', i * 1_000, { usage: i % 100 }));
const TEXT = encodeHead(HEAD) + events.map(encodeRecorded).join('');

async function readAll(file: string) {
  const { head, reader, events } = await openRecording(file);
  const read: RecordedEvent[] = [];
  for await (const event of events) read.push(event);
  return { head, events: read, skipped: reader.skipped };
}

function place(name: string, content?: string | Buffer): string {
  const file = join(folder, name);
  if (content !== undefined) writeFileSync(file, content);
  return file;
}

describe('the file of a recording', () => {
  it.each(['plain.ndjson', 'small.ndjson.gz'])('is read as it was written: %s', async (name) => {
    const file = place(name);
    const writer = createRecording(file, new PassThrough(), clock);
    await writer.write(encodeHead(HEAD));
    for (const event of events) await writer.write(encodeRecorded(event));
    await writer.close();
    expect(writer.text).toBe(TEXT.length);
    const bytes = readFileSync(file);
    expect((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()).toBe(TEXT);
    expect(await readAll(file)).toMatchObject({ head: HEAD, events, skipped: { broken: 0, cut: false } });
    // Others who use the machine have no business with it.
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is known by its first bytes, not by its name', async () => {
    expect((await readAll(place('called.txt', gzipSync(TEXT)))).events).toEqual(events);
    expect((await readAll(place('not-so.gz', TEXT))).events).toEqual(events);
  });

  it('that was compressed and cut off is good up to there', async () => {
    const bytes = gzipSync(TEXT);
    const { events: read } = await readAll(place('cut.gz', bytes.subarray(0, bytes.length / 2)));
    expect(read.length).toBeGreaterThan(100);
    expect(read).toEqual(events.slice(0, read.length));
  });

  it('that was compressed and damaged is good up to there', async () => {
    const bytes = gzipSync(
      encodeHead(HEAD) + Array.from({ length: 40 }, () => TEXT.slice(TEXT.indexOf('\n') + 1)).join(''),
    );
    bytes.fill(0xff, bytes.length - 2_000, bytes.length - 1_000);
    const { events: read, skipped } = await readAll(place('damaged.gz', bytes));
    expect(read.length).toBeGreaterThan(0);
    expect(skipped.cut).toBe(true);
  });

  it('loses at most five seconds when its writer is killed', async () => {
    const file = place('killed.gz');
    const writer = createRecording(file, new PassThrough(), clock);
    await writer.write(encodeHead(HEAD));
    await writer.write(encodeRecorded(events[0] as RecordedEvent));
    clock.advance(5_000);
    await expect.poll(() => statSync(file).size).toBeGreaterThan(100);
    expect((await readAll(file)).events).toEqual([events[0]]);
    await writer.close();
  });

  it('is never written over', () => {
    const file = place('precious', 'mine');
    expect(() => createRecording(file, new PassThrough(), clock)).toThrow(/precious: is there already/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('ends quietly when whoever reads it has gone', async () => {
    const gone = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const writer = createRecording('-', gone, clock);
    const writing = async () => {
      for (let i = 0; i < 1_000; i++) {
        await writer.write(TEXT);
        await Promise.resolve();
      }
    };
    await expect(writing()).rejects.toMatchObject({ exitCode: 0 });
  });

  it.each<[string, string | Buffer | undefined, RegExp]>([
    ['missing', undefined, /missing: there is no such place/],
    ['empty', '', /empty is no recording of Telltale/],
    ['empty.gz', gzipSync(''), /empty\.gz is no recording of Telltale/],
    ['picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), /picture\.png is no recording of Telltale/],
    ['text', 'Dear all,\nattached is the incident\n', /text is no recording of Telltale/],
    ['half.gz', gzipSync(TEXT).subarray(0, 12), /half\.gz is no recording of Telltale/],
    ['head', '{"telltale":"recording","protocol":1}\n', /head has a first line that cannot be read: recordedAt/],
  ])('is refused in one line where it is none: %s', async (name, content, message) => {
    const opened = openRecording(place(name, content));
    await expect(opened).rejects.toBeInstanceOf(ExitError);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toMatchObject({ exitCode: 2 });
  });

  it('is not a folder', async () => {
    await expect(openRecording(folder)).rejects.toThrow(/is a folder, not a file/);
  });
});
