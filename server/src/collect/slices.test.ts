import { describe, expect, it } from 'vitest';
import { inSlices } from './slices.ts';

describe('work in slices', () => {
  it('lets others go first after each hundred, and keeps its order', async () => {
    const steps: (number | 'pause')[] = [];
    const things = Array.from({ length: 250 }, (_, i) => i);
    await inSlices(
      things,
      async () => void steps.push('pause'),
      (thing) => steps.push(thing),
    );
    expect(steps).toEqual([...things.slice(0, 100), 'pause', ...things.slice(100, 200), 'pause', ...things.slice(200)]);
  });

  it('fails as the work fails', async () => {
    const fail = () => {
      throw new Error('no');
    };
    await expect(inSlices([1], async () => {}, fail)).rejects.toThrow('no');
  });
});
