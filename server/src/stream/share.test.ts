import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Share } from './share.ts';

describe('the share of a stream in its connection', () => {
  it('is all of it when it is alone', () => {
    const share = new Share();
    for (let sent = 100; sent <= 1_000; sent += 100) share.note(sent, sent);
    expect([1_000, 550, 100, 0].map((last) => share.among(last))).toEqual([1_000, 600, 100, 0]);
  });

  it('is little beside one that sends much', () => {
    const share = new Share();
    // A hundred of its own in every ten thousand.
    for (let i = 1; i <= 50; i++) share.note(100 * i, 10_000 * i);
    expect(share.among(15_000)).toBe(200);
    expect(share.among(0)).toBe(0);
  });

  it('is nothing when what it sent has arrived, however much the others go on to send', () => {
    const share = new Share();
    share.note(500, 1_000);
    share.note(500, 90_000);
    expect(share.among(89_001)).toBe(500);
    expect(share.among(89_000)).toBe(0);
  });

  it('is never more than what it sent, even where more waits than was counted', () => {
    const share = new Share();
    share.note(500, 1_000);
    expect(share.among(1_200)).toBe(500);
  });

  it('is never less than what is there, however the streams take turns and whenever somebody looks', () => {
    const turn = fc.record({ own: fc.boolean(), bytes: fc.nat(5_000), arrived: fc.nat(20_000), look: fc.boolean() });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 200 }), (turns) => {
        const share = new Share();
        const sent: { own: boolean; upTo: number; bytes: number }[] = [];
        let [own, connection, arrived] = [0, 0, 0];
        for (const { own: isOwn, bytes, arrived: more, look } of turns) {
          connection += bytes;
          if (isOwn) own += bytes;
          sent.push({ own: isOwn, upTo: connection, bytes });
          share.note(own, connection);
          arrived = Math.min(connection, arrived + more);
          if (!look) continue;
          const there = sent
            .filter((piece) => piece.own)
            .reduce((sum, { upTo, bytes: size }) => sum + Math.min(size, Math.max(0, upTo - arrived)), 0);
          expect(share.among(connection - arrived)).toBeGreaterThanOrEqual(there);
        }
        expect(share.among(0)).toBe(0);
      }),
    );
  });
});
