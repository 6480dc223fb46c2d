import {
  blankValues,
  encodeHead,
  encodeRecorded,
  metrics,
  type RecordedEvent,
  type RecordingHead,
} from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { HEAD, recordedCpu } from '../testing-recording.ts';
import { loadRecording } from './loaded-recording.ts';

const head = (more: Partial<RecordingHead> = {}) => encodeHead({ ...HEAD, ...more });
const textOf = (events: readonly RecordedEvent[]) => head() + events.map(encodeRecorded).join('');
const gap: RecordedEvent = { name: 'gap', data: { from: 1, to: 2, reason: 'slow' } };

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip') as TransformStream<Uint8Array>);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

describe('a recording in a page', () => {
  const events = [recordedCpu(1_000, 1), gap, recordedCpu(2_000, 2), recordedCpu(5_000, 5)];

  it('has what was written, compressed or not', async () => {
    for (const file of [textOf(events), await gzip(textOf(events))]) {
      const recording = await loadRecording(new Blob([file]));
      expect(recording.head).toEqual(HEAD);
      expect(Array.from({ length: recording.length }, (_, i) => recording.event(i))).toEqual(events);
      expect(recording.durationMs).toBe(4_000);
      expect([-1, 0, 999, 1_000, 3_999, 4_000, 9_999].map((offset) => recording.countAt(offset))).toEqual([
        ...[0, 2, 2, 3, 3, 4, 4],
      ]);
      expect([0, 1, 2, 3, 4].map((count) => recording.timeAfter(count))).toEqual([1_000, 1_000, 1_000, 2_000, 5_000]);
    }
  });

  it('is good up to where it is cut off or damaged', async () => {
    const many = Array.from({ length: 3_000 }, (_, i) => recordedCpu(i * 1_000, Math.random() * 100));
    const bytes = await gzip(textOf(many));
    const cut = await loadRecording(new Blob([bytes.subarray(0, bytes.length - 2_000)]));
    expect(cut.skipped.cut).toBe(true);
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.event(cut.length - 1)).toEqual(many[cut.length - 1]);
    bytes.fill(0xff, bytes.length - 3_000, bytes.length - 2_000);
    expect((await loadRecording(new Blob([bytes]))).skipped.cut).toBe(true);
  });

  it('is read as far as a page can hold it', async () => {
    const text = textOf(events);
    const recording = await loadRecording(new Blob([text]), text.length - 10);
    expect(recording.skipped.full).toBe(true);
    expect(recording.length).toBe(3);
  });

  it.each([['', 'hello', '{}', '\u001f\u008b', '\x1f\x8bxx'].map((text) => [text])])(
    'is none when it is %j',
    async (...texts) => {
      for (const [text = ''] of texts) {
        await expect(loadRecording(new Blob([text]))).rejects.toThrow('is no recording of Telltale');
      }
    },
  );

  it('is none when it is compressed and nothing in it can be read', async () => {
    await expect(loadRecording(new Blob([new Uint8Array([0x1f, 0x8b, 0xff, 0xff])]))).rejects.toThrow(
      'is no recording',
    );
  });

  it('drops fields that nobody declared, and keeps names as they are', async () => {
    const name = '__proto__';
    const core = { name, ...blankValues(metrics.cpu.fields), usage: 1 };
    const line = JSON.stringify({ event: 'cpu', data: { ...recordedCpu(1, 1).data, evil: '<b>', cores: [core] } });
    const recording = await loadRecording(new Blob([`${head()}${line}\n`]));
    expect(recording.text(0)).not.toContain('evil');
    expect(recording.event(0)).toMatchObject({ data: { cores: [{ name }] } });
  });
});
