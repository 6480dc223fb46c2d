import { decodeBlock } from '@telltale/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../testing/any-character.ts';
import { dataOf, EventLog, type LogEvent } from './event-log.ts';

const cpu = (at: number, data: object = { at }): LogEvent => ({ name: 'cpu', pace: 1_000, at, data });

describe('the event log', () => {
  it('numbers events from 1 and encodes each once, with its position as id', () => {
    const log = new EventLog({ epoch: 'e' });
    const [first, second] = log.append([cpu(10), { name: 'fault', pace: null, at: 10, data: { x: 'ü' } }]);
    expect([first?.seq, second?.seq, log.newestSeq, log.oldestPosition]).toEqual([1, 2, 2, 0]);
    expect(decodeBlock(String(first?.frame))).toEqual({ event: 'cpu', id: 'e.1', data: '{"at":10}' });
    expect(second && dataOf(second)).toBe('{"x":"ü"}');
    expect(log.at(1)).toBe(first);
  });

  it.each([100, 300, 1_000, 5_000, 100_000])(
    'keeps little more memory alive than its bound says, with events of %i bytes and whatever is allocated meanwhile',
    (length) => {
      const maxBytes = 2 * 1024 * 1024;
      const log = new EventLog({ epoch: 'e', maxBytes });
      for (let at = 1; at < (3 * maxBytes) / length; at++) {
        log.append([cpu(at, { x: 'x'.repeat(length) })]);
        for (let i = 0; i < 3; i++) Buffer.from('y'.repeat(900));
      }
      const held = new Set([...log.after(0)].map(({ frame }) => frame.buffer));
      const bytes = [...held].reduce((sum, { byteLength }) => sum + byteLength, 0);
      expect(log.bytes).toBeGreaterThan(0.9 * maxBytes);
      expect(bytes).toBeLessThan(1.1 * maxBytes);
    },
  );

  it('gives back the JSON of an event, whatever it holds', () => {
    const log = new EventLog({ epoch: 'e' });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: anyCharacter })), (data) => {
        const [entry] = log.append([cpu(1, data)]);
        expect(entry && dataOf(entry)).toBe(JSON.stringify(data));
      }),
      { numRuns: 50 },
    );
  });

  it('finds every entry by its position and none outside of its bounds, whatever has been dropped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 20_000 }), fc.integer({ min: 1, max: 5_000 }), (maxBytes, count) => {
        const log = new EventLog({ epoch: 'e', maxBytes });
        for (let at = 1; at <= count; at++) log.append([cpu(at)]);
        expect(log.bytes).toBeLessThanOrEqual(maxBytes);
        expect(log.at(log.oldestPosition)).toBeUndefined();
        expect(log.at(count + 1)).toBeUndefined();
        expect([...log.after(0)].map(({ seq }) => seq)).toEqual(
          Array.from({ length: count - log.oldestPosition }, (_, i) => log.oldestPosition + 1 + i),
        );
        expect(log.at(count)?.at).toBe(count);
      }),
      { numRuns: 30 },
    );
  });

  it('drops what is older than its age', () => {
    const log = new EventLog({ epoch: 'e', maxAgeMs: 1_000 });
    log.append([cpu(1_000)]);
    log.append([cpu(2_000)]);
    expect(log.oldestPosition).toBe(0);
    log.append([cpu(2_001)]);
    expect(log.oldestPosition).toBe(1);
  });

  it('does not even keep an event that is larger than itself, but remembers it as the newest', () => {
    const log = new EventLog({ epoch: 'e', maxBytes: 100 });
    log.append([cpu(1, { text: 'x'.repeat(200) })]);
    expect([log.bytes, log.oldestPosition, log.newestSeq]).toEqual([0, 1, 1]);
    expect(log.newest('cpu', 1_000)?.seq).toBe(1);
  });

  it('remembers the newest event of a slow metric after the ring has dropped it', () => {
    const log = new EventLog({ epoch: 'e', maxAgeMs: 1_000 });
    log.append([{ name: 'memory', pace: 60_000, at: 0, data: { old: true } }]);
    log.append([cpu(30_000)]);
    expect(log.at(1)).toBeUndefined();
    expect(log.newest('memory', 60_000)?.seq).toBe(1);
    expect(log.newest('memory', 1_000)).toBeUndefined();
  });

  it('forgets the newest of a pace that is no longer sampled, and not of others', () => {
    const log = new EventLog({ epoch: 'e' });
    log.append([cpu(1_000), { ...cpu(2_000), pace: 5_000 }]);
    log.endLane('cpu', 5_000);
    expect([log.newest('cpu', 5_000), log.newest('cpu', 1_000)?.seq]).toEqual([undefined, 1]);
  });

  it('knows since when a pace has been sampled', () => {
    const log = new EventLog({ epoch: 'e' });
    log.append([{ name: 'cpu', pace: 5_000, at: 1, data: {} }, cpu(1)]);
    log.beginLane('cpu', 5_000);
    expect(log.newest('cpu', 5_000)).toBeUndefined();
    expect(log.isContinuous('cpu', 5_000, 1)).toBe(false);
    expect(log.isContinuous('cpu', 5_000, 2)).toBe(true);
    expect(log.isContinuous('cpu', 1_000, 0)).toBe(true);
  });
});
