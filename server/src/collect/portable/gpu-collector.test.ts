import { expect, it } from 'vitest';
import type { Sample } from '../collector.ts';
import type { GpuCard } from '../gpu-card.ts';
import { portableGpu } from './gpu-collector.ts';

const card = (name: string, own: Partial<GpuCard> = {}): GpuCard => ({
  ...{ name, usage: 12, memoryTotalBytes: 8e9, memoryUsedBytes: 1e9, celsius: 50, watts: 70 },
  ...own,
});

it('shows the cards in the order of their names', async () => {
  const { read, derive } = portableGpu(async () => [card('B'), card('A')]);
  const { reading, faults } = (await read()) as Sample<readonly GpuCard[]>;
  expect(derive(reading, null, null).cards).toEqual([card('A'), card('B')]);
  expect(faults).toEqual([]);
});

it('names what a card does not tell', async () => {
  const { read } = portableGpu(async () => [card('A'), card('B', { watts: null, usage: null })]);
  expect(await read()).toMatchObject({ faults: [{ fields: ['cards.usage', 'cards.watts'] }] });
});

it('is silent where there is no card, and asks again after ten minutes', async () => {
  let asked = 0;
  const { read } = portableGpu(async () => {
    asked++;
    return null;
  });
  for (let look = 0; look <= 120; look++) expect(await read()).toBeNull();
  expect(asked).toBe(1);
  await read();
  expect(asked).toBe(2);
});

it('asks again at once where it could not be told', async () => {
  let asked = 0;
  const { read } = portableGpu(async () => {
    asked++;
    throw new Error('systeminformation: no');
  });
  await expect(read()).rejects.toThrow('no');
  await expect(read()).rejects.toThrow('no');
  expect(asked).toBe(2);
});
