import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankValues } from './metric.ts';
import { metrics } from './metrics/registry.ts';
import { encodeHead, encodeRecorded, isRecorded, type RecordedEvent, type RecordingHead } from './recording.ts';
import { NotARecording, RecordingReader } from './recording-reader.ts';
import { RecordingTime } from './recording-time.ts';

const HEAD: RecordingHead = {
  ...{ telltale: 'recording', protocol: 1, version: '0.1.0', source: 'live', recordedAt: 1_700_000_000_000 },
  host: {
    ...{ id: 'h', name: 'vm', bootAt: null, timezone: null, memory: { totalBytes: null } },
    os: { name: null, version: null, kernel: null, arch: null },
    cpu: { model: null, cores: null, threads: null },
  },
  ...{ from: null, to: null, metrics: { cpu: 1_000 }, absent: [] },
};
const cpu = (at: number, values: object = {}): RecordedEvent => ({
  name: 'cpu',
  data: { at, elapsedMs: 1_000, ...(blankValues(metrics.cpu.fields) as { cores: [] }), ...values } as never,
});
const line = (at: number) => encodeRecorded(cpu(at));

/** Reads a text in pieces of some size. */
function read(text: string, piece = text.length, limits = {}) {
  const reader = new RecordingReader(limits);
  const events: RecordedEvent[] = [];
  for (let i = 0; i < text.length; i += Math.max(1, piece)) events.push(...reader.feed(text.slice(i, i + piece)));
  events.push(...reader.end());
  const { head, skipped } = reader;
  return { head, events, skipped };
}
const CLEAN = { broken: 0, unknown: 0, cut: false, full: false };

/** Any, and no half of one: as what fast-check calls `binary`, which takes it two seconds to make. */
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10_ffff }))
  .map((code) => String.fromCodePoint(code));
const anyText = fc.string({ unit: anyCharacter, maxLength: 12 });
const anyAt = fc.integer({ min: 0, max: 4_000_000_000_000 });
const anyNumber = fc.option(fc.double({ min: 0, max: 1e15, noNaN: true, noDefaultInfinity: true }).map((n) => n + 0));
const anyShare = fc.option(fc.double({ min: 0, max: 100, noNaN: true }).map((n) => n + 0));
const anyEvent: fc.Arbitrary<RecordedEvent> = fc.oneof(
  fc
    .record({
      at: anyAt,
      usage: anyShare,
      load1: anyNumber,
      cores: fc.array(
        fc.record({ name: anyText, usage: anyShare }).map((core) => ({
          ...{ user: null, nice: null, system: null, interrupt: null, steal: null, guest: null, iowait: null },
          ...{ idle: null, ...core },
        })),
        { maxLength: 4 },
      ),
    })
    .map(({ at, ...values }) => cpu(at, values)),
  fc
    .record({ from: fc.option(anyAt), to: anyAt, reason: fc.constantFrom('slow' as const, 'suspend' as const) })
    .map((data) => ({ name: 'gap', data }) as const),
  fc
    .record({ metric: anyText, fields: fc.array(anyText), reason: anyText, since: anyAt, cleared: fc.boolean() })
    .map((data) => ({ name: 'fault', data }) as const),
);

describe('a recording', () => {
  it('is read as it was written, whatever its names are and wherever it is cut into pieces', () => {
    const anyPiece = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), anyText, anyPiece, (events, name, piece) => {
        const head = { ...HEAD, host: { ...HEAD.host, name } };
        const text = encodeHead(head) + events.map(encodeRecorded).join('');
        expect(text.split('\n')).toHaveLength(events.length + 2);
        expect(read(text, piece)).toEqual({ head, events, skipped: CLEAN });
      }),
    );
  });

  it('needs no more of its first line than what it is, whose events and when', () => {
    const { head } = read('{"telltale":"recording","protocol":1,"recordedAt":5,"later":"?"}\n');
    expect(head).toEqual({
      ...{ ...HEAD, version: 'unknown', recordedAt: 5, metrics: {} },
      host: { ...HEAD.host, id: null, name: null },
    });
  });

  it.each([
    [''],
    ['\n'],
    ['hello'],
    ['[]\n'],
    ['null\n'],
    ['{}\n'],
    ['{"telltale":"snapshot","protocol":1,"recordedAt":1}\n'],
    ['{\n  "elapsedMs": 10010.2\n}\n'],
    [line(1)],
    ['x'.repeat(5 * 1024 * 1024)],
    [`${'x'.repeat(5 * 1024 * 1024)}\n`],
  ])('is none when it begins like %.40j', (text) => {
    expect(() => read(text, 64 * 1024)).toThrow(NotARecording);
    expect(() => read(text, 64 * 1024)).toThrow(/^is no recording of Telltale: /);
  });

  it.each([
    ['{"telltale":"recording","recordedAt":1}', 'protocol'],
    ['{"telltale":"recording","protocol":"1","recordedAt":1}', 'protocol'],
    ['{"telltale":"recording","protocol":1}', 'recordedAt'],
    ['{"telltale":"recording","protocol":1,"recordedAt":1,"metrics":{"cpu":0}}', 'metrics.cpu'],
    ['{"telltale":"recording","protocol":1,"recordedAt":1,"host":"vm"}', 'host'],
    ['{"telltale":"recording","protocol":1,"recordedAt":1e999}', 'recordedAt'],
    ['{"telltale":"recording","protocol":1,"recordedAt":1,"metrics":{"cpu":1e999}}', 'metrics.cpu'],
  ])('names what is wrong with the first line %s', (text, what) => {
    expect(() => read(text)).toThrow(new RegExp(`^has a first line that cannot be read: ${what}: `));
  });

  it.each<[string, object]>([
    ['not JSON at all\n', { broken: 1 }],
    ['{"event":"cpu"}\n', { broken: 1 }],
    ['{"event":7,"data":{}}\n', { broken: 1 }],
    ['{"data":{}}\n', { broken: 1 }],
    ['[]\n', { broken: 1 }],
    ['null\n', { broken: 1 }],
    ['7\n', { broken: 1 }],
    ['{"event":"cpu","data":{"at":"yesterday"}}\n', { broken: 1 }],
    [`{"event":"cpu","data":${'['.repeat(100_000)}\n`, { broken: 1 }],
    [line(1_000).replace('"at":1000', '"at":1e999'), { broken: 1 }],
    [line(1_000).replace('"at":1000', '"at":-8.7e15'), { broken: 1 }],
    ['{"event":"__proto__","data":{}}\n', { unknown: 1 }],
    ['{"event":"weather","data":{"rain":true}}\n', { unknown: 1 }],
    ['{"event":"heartbeat","data":{"at":5}}\n', { unknown: 1 }],
    ['\n\r\n   \n', {}],
    [`{"event":"cpu","data":"${'x'.repeat(5 * 1024 * 1024)}"}\n`, { broken: 1 }],
  ])('goes on after a line like %.50j, and counts it', (text, skipped) => {
    const result = read(encodeHead(HEAD) + line(1_000) + text + line(2_000), 64 * 1024);
    expect(result.events).toEqual([cpu(1_000), cpu(2_000)]);
    expect(result.skipped).toEqual({ ...CLEAN, ...skipped });
  });

  it('that was cut off is worth what is whole of it, wherever the cut is', () => {
    const whole = encodeHead(HEAD) + line(1_000) + line(2_000);
    const first = whole.length - line(2_000).length;
    for (let end = first + 1; end < whole.length - 1; end++) {
      expect(read(whole.slice(0, end))).toMatchObject({ events: [cpu(1_000)], skipped: { ...CLEAN, cut: true } });
    }
    // Nothing but its line end is missing.
    expect(read(whole.slice(0, -1))).toMatchObject({ events: [cpu(1_000), cpu(2_000)], skipped: CLEAN });
  });

  it('that is too large is read as far as it may be', () => {
    const text = encodeHead(HEAD) + line(1_000) + line(2_000);
    for (const piece of [7, text.length]) {
      const { events, skipped } = read(text, piece, { maxText: text.length - 3 });
      expect(events).toEqual([cpu(1_000)]);
      expect(skipped).toEqual({ ...CLEAN, full: true });
    }
  });

  it('does not hold the text of a line that is too long', () => {
    const reader = new RecordingReader({ maxLine: 1_000 });
    expect(reader.feed(encodeHead(HEAD))).toEqual([]);
    for (let i = 0; i < 100; i++) expect(reader.feed('x'.repeat(999))).toEqual([]);
    expect(reader.feed(`\n${line(1_000)}`)).toEqual([cpu(1_000)]);
    expect(reader.skipped).toEqual({ ...CLEAN, broken: 1 });
  });

  it('holds events of the machine, and none of a connection', () => {
    expect(isRecorded(cpu(1))).toBe(true);
    expect(isRecorded({ name: 'heartbeat', data: { at: 1 } })).toBe(false);
    expect(isRecorded({ name: 'bye', data: { reason: 'rotate', retryMs: 1 } })).toBe(false);
  });
});

describe('the time of a recording', () => {
  const gap: RecordedEvent = { name: 'gap', data: { from: 1, to: 99_000_000, reason: 'suspend' } };
  const offsets = (events: RecordedEvent[], pace = 1_000) => {
    const time = new RecordingTime({ metrics: { cpu: pace } });
    return events.map((event) => time.next(event));
  };

  it('keeps the distances of its events', () => {
    expect(offsets([1_000, 2_000, 2_003, 2_001, 3_001].map((at) => cpu(at)))).toEqual([0, 1_000, 1_003, 1_003, 2_001]);
  });

  it('passes over holes and clocks that were set', () => {
    expect(offsets([cpu(1_000), gap, cpu(9_000_000), cpu(9_001_000)])).toEqual([0, 0, 1_000, 2_000]);
    expect(offsets([9_000_000, 5_000, 6_000].map((at) => cpu(at)))).toEqual([0, 0, 1_000]);
  });

  it('takes no wide step for a hole', () => {
    const hour = 3_600_000;
    expect(
      offsets(
        [0, hour, 2 * hour].map((at) => cpu(at)),
        hour,
      ),
    ).toEqual([0, hour, 2 * hour]);
  });
});
