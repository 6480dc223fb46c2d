import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesRing } from './series-ring.ts';

const shown = (ring: SeriesRing) => {
  const { times, values } = ring.points();
  return [...times].map((time, i) => [time, values[i]]);
};

describe('a ring of points', () => {
  it('keeps the newest, oldest first, whatever its capacity and however much is added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 200 }), (capacity, count) => {
        const ring = new SeriesRing(capacity);
        for (let i = 0; i < count; i++) ring.push(i, i * 2);
        const first = Math.max(0, count - capacity);
        expect(shown(ring)).toEqual(Array.from({ length: count - first }, (_, i) => [first + i, (first + i) * 2]));
      }),
    );
  });

  it('holds a gap as NaN', () => {
    const ring = new SeriesRing(3);
    ring.push(1, null);
    expect(ring.points().values[0]).toBeNaN();
  });

  it('drops a point that is not newer than the last', () => {
    const ring = new SeriesRing(3);
    ring.push(2, 20);
    ring.push(2, 99);
    ring.push(1, 99);
    expect(shown(ring)).toEqual([[2, 20]]);
  });

  it('puts history before what came live, and drops where they overlap', () => {
    const ring = new SeriesRing(5);
    ring.push(3, 30);
    ring.push(4, 40);
    ring.prepend([1, 2, 3, 9], [10, null, 99, 99]);
    expect(shown(ring)).toEqual([
      [1, 10],
      [2, Number.NaN],
      [3, 30],
      [4, 40],
    ]);
  });

  it('takes no more history than it has room for, and the newest of it', () => {
    const ring = new SeriesRing(3);
    ring.push(10, 1);
    ring.prepend([1, 2, 3, 4], [1, 2, 3, 4]);
    expect(shown(ring)).toEqual([
      [3, 3],
      [4, 4],
      [10, 1],
    ]);
  });
});
