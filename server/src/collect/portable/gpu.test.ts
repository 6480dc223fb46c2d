import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nvidiaCards } from './gpu.ts';

/** As `graphics()` of systeminformation 5.33 merges lspci with a line of nvidia-smi, memory in MiB. */
const RTX = {
  vendor: 'NVIDIA Corporation',
  model: 'GA102 [GeForce RTX 3080]',
  bus: 'Onboard',
  busAddress: '01:00.0',
  vram: 10_240,
  vramDynamic: false,
  driverVersion: '550.54.14',
  name: 'NVIDIA GeForce RTX 3080',
  pciBus: '00000000:01:00.0',
  memoryTotal: 10_240,
  memoryUsed: 500,
  memoryFree: 9_740,
  utilizationGpu: 37,
  utilizationMemory: 4,
  temperatureGpu: 61,
  powerDraw: 220.5,
};
const TOLD = {
  name: 'NVIDIA GeForce RTX 3080',
  ...{ usage: 37, memoryTotalBytes: 10_737_418_240, memoryUsedBytes: 524_288_000, celsius: 61, watts: 220.5 },
};
const INTEL = { vendor: 'Intel Corporation', model: 'UHD Graphics 630', busAddress: '00:02.0', vram: 256 };
/** What nvidia-smi says as 0, and what it does not say at all, is not there. */
const without = (...fields: (keyof typeof RTX)[]) =>
  Object.fromEntries(Object.entries(RTX).filter(([field]) => !fields.includes(field as never)));

const answering = (...answers: unknown[]) => {
  const asked: string[] = [];
  const call = async (name: string) => {
    asked.push(name);
    return answers[asked.length - 1] as never;
  };
  return { asked, cards: nvidiaCards({ call }) };
};
const told = (...controllers: unknown[]) => answering({ controllers, displays: [] }).cards();

describe("NVIDIA's cards", () => {
  it('are asked for once, and no others are told of', async () => {
    const { asked, cards } = answering({ controllers: [INTEL, RTX], displays: [] });
    expect(await cards()).toEqual([TOLD]);
    expect(asked).toEqual(['graphics']);
  });

  it('are told apart by their slots where two are alike', async () => {
    const cards = await told(RTX, { ...RTX, pciBus: '00000000:0A:00.0' });
    expect(cards?.map(({ name }) => name)).toEqual([`${TOLD.name} 0000:01:00.0`, `${TOLD.name} 0000:0a:00.0`]);
  });

  it('are none without a card of theirs', async () => {
    expect(await told(INTEL)).toBeNull();
    expect(await told()).toBeNull();
  });

  it('are null where nvidia-smi did not speak of them', async () => {
    const { vendor, model, busAddress, vram } = RTX;
    expect(await told({ vendor, model, busAddress, vram })).toEqual([
      { name: model, usage: null, memoryTotalBytes: null, memoryUsedBytes: null, celsius: null, watts: null },
    ]);
  });

  it('use no memory where only what is free is told', async () => {
    expect(await told(without('memoryUsed'))).toMatchObject([{ memoryUsedBytes: 0 }]);
    expect(await told(without('memoryUsed', 'memoryFree'))).toMatchObject([{ memoryUsedBytes: null }]);
  });

  it('are idle, once they have told their use, when they tell none', async () => {
    const idle = { controllers: [without('utilizationGpu')] };
    const silent = { controllers: [without('utilizationGpu', 'pciBus')] };
    const { cards } = answering(idle, { controllers: [RTX] }, idle, silent, idle);
    const usages = [await cards(), await cards(), await cards(), await cards(), await cards()];
    expect(usages.map((each) => each?.[0]?.usage)).toEqual([null, 37, 0, null, 0]);
  });

  it.each([undefined, null, 5, 'no', [], {}, { controllers: null }, { controllers: {} }])(
    'refuse the answer %j',
    async (answer) => {
      await expect(answering(answer).cards()).rejects.toThrow('systeminformation told no list of graphics cards');
    },
  );

  it('reject as the library does', async () => {
    const failing = nvidiaCards({ call: () => Promise.reject(new Error('graphics took longer than 10 s')) });
    await expect(failing()).rejects.toThrow('graphics took longer than 10 s');
  });

  it('tell numbers that are numbers, whatever is answered', async () => {
    const junk = fc.oneof(
      fc.anything(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 101, 1e300, '37', 'nvidia', '__proto__'),
    );
    const controller = fc.oneof(fc.record(Object.fromEntries(Object.keys(RTX).map((field) => [field, junk]))), junk);
    await fc.assert(
      fc.asyncProperty(fc.array(controller, { maxLength: 4 }), async (controllers) => {
        const cards = (await told(RTX, ...controllers)) ?? [];
        for (const { name, usage, celsius, ...counts } of cards) {
          expect(typeof name).toBe('string');
          expect(usage === null || (usage >= 0 && usage <= 100)).toBe(true);
          expect(celsius === null || Number.isFinite(celsius)).toBe(true);
          for (const value of Object.values(counts))
            expect(value === null || (value >= 0 && value < 2 ** 53)).toBe(true);
        }
        expect(new Set(cards.map(({ name }) => name)).size).toBe(cards.length);
      }),
    );
  });
});
