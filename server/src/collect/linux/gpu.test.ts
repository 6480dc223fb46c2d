import { parseEvent } from '@telltale/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import type { Look, Sample } from '../collector.ts';
import type { GpuCard } from '../gpu-card.ts';
import { type GpuReading, linuxGpu } from './gpu.ts';

type Tree = Record<string, string>;

/** Files of a card's device, and the links that go with its driver and slot. */
const card = (number: number, files: Tree): Tree =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`class/drm/card${number}/device/${name}`, text]));
const links = (number: number, driver: string, slot: string): Tree => ({
  [`class/drm/card${number}/device`]: `../../../${slot}`,
  [`class/drm/card${number}/device/driver`]: `../../../../bus/pci/drivers/${driver}`,
});

/** A Vega 56 as procfs has it among its test data, with the hwmon of an RX 580 (nokyan/resources#270). */
const VEGA = {
  vendor: '0x1002\n',
  device: '0x687f\n',
  product_name: '\n',
  gpu_busy_percent: '4\n',
  mem_info_vram_total: '8573157376\n',
  mem_info_vram_used: '1490378752\n',
  mem_info_vis_vram_used: '1\n',
  'hwmon/hwmon2/name': 'amdgpu\n',
  'hwmon/hwmon2/temp1_input': '47000\n',
  'hwmon/hwmon2/temp1_label': 'edge\n',
  'hwmon/hwmon2/temp2_input': '52000\n',
  'hwmon/hwmon2/power1_cap': '180000000\n',
  'hwmon/hwmon2/power1_average': '29037000\n',
};
const VEGA_LINKS = links(0, 'amdgpu', '0000:09:00.0');
const ARC = {
  vendor: '0x8086\n',
  device: '0x56a0\n',
  'hwmon/hwmon4/name': 'xe\n',
  'hwmon/hwmon4/energy1_input': '1000000000\n',
  'hwmon/hwmon4/temp2_input': '45000\n',
  'hwmon/hwmon4/temp3_input': '50000\n',
};
const NVIDIA = { vendor: '0x10de\n', device: '0x2206\n' };
const NVIDIA_LINKS = links(1, 'nvidia', '0000:01:00.0');
const LOADED = { 'driver/nvidia/version': 'NVRM version: NVIDIA UNIX x86_64 Kernel Module\n' };
const ASKED: GpuCard = {
  name: 'NVIDIA GeForce RTX 3080',
  ...{ usage: 37, memoryTotalBytes: 10_737_418_240, memoryUsedBytes: 524_288_000, celsius: 61, watts: 220.5 },
};
const NOTHING = { usage: null, memoryTotalBytes: null, memoryUsedBytes: null, celsius: null, watts: null };
const ALL = ['cards.usage', 'cards.memoryTotalBytes', 'cards.memoryUsedBytes', 'cards.celsius', 'cards.watts'];

const { derive } = linuxGpu(fakeFiles({}), null);
const toValues = (look: Look<GpuReading>) => look && { ...derive(look.reading, null, null), faults: look.faults };

/** One look at a machine without NVIDIA's driver, which never has to wait. */
const see = (sys: Tree, linked: Tree = {}) =>
  toValues(linuxGpu(fakeFiles({}, sys, linked), null).read() as Look<GpuReading>);
/** One look at a machine with it. */
async function ask(sys: Tree, linked: Tree, cards: () => Promise<readonly GpuCard[] | null>) {
  return toValues(await linuxGpu(fakeFiles(LOADED, sys, linked), cards).read());
}

describe('the cards of Linux', () => {
  it('tell use, memory, temperature and power', () => {
    expect(see(card(0, VEGA), VEGA_LINKS)).toEqual({
      cards: [
        {
          name: 'AMD 1002:687f',
          ...{ usage: 4, memoryTotalBytes: 8_573_157_376, memoryUsedBytes: 1_490_378_752, celsius: 47, watts: 29.037 },
        },
      ],
      faults: [],
    });
  });

  it.each([
    ['without any', {}],
    ['with none but its version', { 'class/drm/version': 'drm 1.1.0 20060810\n' }],
    ['with an outlet of a card, and no card', { 'class/drm/card0-HDMI-A-1/device/vendor': '0x1002\n' }],
    ['that draws by virtio', card(0, { vendor: '0x1af4\n', device: '0x1050\n' })],
    ['that draws by bochs', card(0, { vendor: '0x1234\n', device: '0x1111\n' })],
    ['that draws by VMware', card(0, { vendor: '0x15ad\n', device: '0x0405\n' })],
    ['with the remote console of a server', card(0, { vendor: '0x1a03\n', device: '0x2000\n' })],
    ['with a plain frame buffer', card(0, { uevent: 'DRIVER=simple-framebuffer\n' })],
    ['with a card that is not on PCI and tells nothing', card(0, { uevent: 'DRIVER=v3d\n', 'of_node/name': 'gpu' })],
  ])('are none on a machine %s', (_, sys) => {
    expect(see(sys)).toBeNull();
  });

  it('have the name that is written into them, else that of the maker', () => {
    expect(see(card(0, { ...VEGA, product_name: 'AMD Instinct MI210\n' }))?.cards).toMatchObject([
      { name: 'AMD Instinct MI210' },
    ]);
    expect(see(card(0, { vendor: '0x1002\n' }))?.cards).toMatchObject([{ name: 'AMD 1002:' }]);
  });

  it('are told apart by their slots where two are alike, whatever their numbers', () => {
    const names = (first: number, second: number) =>
      see(
        { ...card(first, VEGA), ...card(second, { ...VEGA, gpu_busy_percent: '90\n' }) },
        { ...links(first, 'amdgpu', '0000:09:00.0'), ...links(second, 'amdgpu', '0000:43:00.0') },
      )?.cards.map(({ name, usage }) => [name, usage]);
    const told = [
      ['AMD 1002:687f 0000:09:00.0', 4],
      ['AMD 1002:687f 0000:43:00.0', 90],
    ];
    expect(names(0, 1)).toEqual(told);
    expect(names(2, 1)).toEqual(told);
  });

  it('take the power of this moment where there is no average, and the hottest point where there is no edge', () => {
    const files: Tree = { ...VEGA, 'hwmon/hwmon2/power1_input': '61000000\n' };
    for (const name of ['hwmon/hwmon2/power1_average', 'hwmon/hwmon2/temp1_input']) Reflect.deleteProperty(files, name);
    expect(see(card(0, files))?.cards).toMatchObject([{ watts: 61, celsius: 52 }]);
  });

  it('say what Intel does not tell', () => {
    expect(see(card(0, { vendor: '0x8086\n', device: '0x5917\n' }), links(0, 'i915', '0000:00:02.0'))).toEqual({
      cards: [{ name: 'Intel 8086:5917', ...NOTHING }],
      faults: [{ fields: ALL, reason: 'i915 does not tell this of Intel 8086:5917' }],
    });
  });

  it('tell the power of Intel from two looks at its energy', () => {
    const sys = card(0, ARC);
    const collector = linuxGpu(fakeFiles({}, sys, links(0, 'xe', '0000:03:00.0')), null);
    const read = (microjoules: string) => {
      sys['class/drm/card0/device/hwmon/hwmon4/energy1_input'] = microjoules;
      return (collector.read() as Sample<GpuReading>).reading;
    };
    const [first, second, reset] = [read('1000000000\n'), read('1200000000\n'), read('5\n')];
    expect(collector.derive(first, null, null).cards).toMatchObject([{ watts: null, celsius: 45 }]);
    // 200 J in 5 s.
    expect(collector.derive(second, first, 5_000).cards).toMatchObject([{ watts: 40 }]);
    expect(collector.derive(reset, second, 5_000).cards).toMatchObject([{ watts: null }]);
    const { faults } = collector.read() as Sample<GpuReading>;
    expect(faults.map(({ fields }) => fields)).toEqual([ALL.slice(0, 3)]);
  });

  it('let a sleeping card sleep', () => {
    const read: string[] = [];
    const files = fakeFiles({}, card(0, { ...VEGA, 'power/runtime_status': 'suspended\n' }), VEGA_LINKS);
    const sysOnce = (name: string) => {
      read.push(name);
      return files.sysOnce(name);
    };
    expect(toValues(linuxGpu({ ...files, sysOnce }, null).read() as Look<GpuReading>)).toEqual({
      cards: [{ name: 'AMD 1002:687f', ...NOTHING }],
      faults: [{ fields: ALL, reason: 'AMD 1002:687f is suspended, and reading would wake it' }],
    });
    expect(read.filter((name) => /busy|_input|_average/.test(name))).toEqual([]);
  });

  it('keep the rest where one file cannot be read', () => {
    const files = fakeFiles({}, card(0, VEGA), VEGA_LINKS);
    const busy = 'class/drm/card0/device/gpu_busy_percent';
    const reason = `/sys/${busy} cannot be read: ENOTSUP`;
    const sysOnce = (name: string) => (name === busy ? new Error(reason) : files.sysOnce(name));
    const values = toValues(linuxGpu({ ...files, sysOnce }, null).read() as Look<GpuReading>);
    expect(values?.cards).toMatchObject([{ usage: null, celsius: 47 }]);
    expect(values?.faults).toEqual([{ fields: ['cards.usage'], reason }]);
  });

  it.each(['', '\n', 'N/A\n', '4 %\n', '-1\n', '65535\n', '9'.repeat(20), '\0'])('refuse %j for a use', (text) => {
    const values = see(card(0, { ...VEGA, gpu_busy_percent: text }));
    expect(values?.cards).toMatchObject([{ usage: null, celsius: 47 }]);
    expect(values?.faults).toMatchObject([{ fields: ['cards.usage'] }]);
  });

  it.each(['', 'much\n', '-5\n', '9'.repeat(20)])('refuse %j for a size or a power', (text) => {
    const values = see(card(0, { ...VEGA, mem_info_vram_used: text, 'hwmon/hwmon2/power1_average': text }));
    expect(values?.cards).toMatchObject([{ memoryUsedBytes: null, watts: null, usage: 4 }]);
    expect(values?.faults.map(({ fields }) => fields)).toEqual([['cards.memoryUsedBytes'], ['cards.watts']]);
  });

  it('come with a fault, not as none, where the folder cannot be listed', () => {
    const reason = '/sys/class/drm cannot be opened: this process is out of file descriptors';
    const files = { ...fakeFiles({}, card(0, VEGA)), sysList: () => new Error(reason) };
    expect(linuxGpu(files, null).read()).toEqual({ reading: { cards: [] }, faults: [{ fields: ['cards'], reason }] });
  });

  it('are no more than can be borne, and say so', () => {
    const sys = Object.assign({}, ...Array.from({ length: 600 }, (_, i) => card(i, { vendor: '0x1002\n' })));
    const values = see(sys);
    expect(values?.cards).toHaveLength(512);
    expect(values?.faults).toContainEqual({ fields: ['cards'], reason: '600 cards: only the first 512 are shown' });
  });

  it('never throw or tell a number that is none, whatever the files hold', () => {
    const text = fc.oneof(
      fc.string(),
      fc.integer().map((n) => `${n}\n`),
      fc.constantFrom('', '\n', 'NaN', '1e999', '0x1002', '0x8086', '0x10de', '9'.repeat(400), 'suspended', '100'),
    );
    const names = [0, 1].flatMap((number) =>
      [...Object.keys(VEGA), ...Object.keys(ARC), 'power/runtime_status'].map(
        (name) => `class/drm/card${number}/device/${name}`,
      ),
    );
    const tree = fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] });
    fc.assert(
      fc.property(tree, tree, (before, now) => {
        const vendor = { 'class/drm/card0/device/vendor': '0x8086\n' };
        const [first, second] = [before, now].map(
          (sys) => linuxGpu(fakeFiles({}, { ...(sys as Tree), ...vendor }), null).read() as Sample<GpuReading>,
        );
        const values = derive((second as Sample<GpuReading>).reading, (first as Sample<GpuReading>).reading, 5_000);
        const event = { at: 1, elapsedMs: 5_000, ...values };
        expect(parseEvent('gpu', JSON.stringify(event))).not.toBeInstanceOf(Error);
        expect(JSON.parse(JSON.stringify(event))).toEqual(event);
        expect(new Set(values.cards.map(({ name }) => name)).size).toBe(values.cards.length);
      }),
    );
  });
});

describe("NVIDIA's cards on Linux", () => {
  const never = () => Promise.reject(new Error('was asked'));

  it('are not asked for where the driver is not loaded', () => {
    expect(linuxGpu(fakeFiles({}), never).read()).toBeNull();
    expect(linuxGpu(fakeFiles({}, card(0, VEGA), VEGA_LINKS), never).read()).not.toBeInstanceOf(Promise);
  });

  it('are told as asked, once, beside those that tell themselves', async () => {
    const sys = { ...card(0, VEGA), ...card(1, NVIDIA) };
    const values = await ask(sys, { ...VEGA_LINKS, ...NVIDIA_LINKS }, async () => [ASKED]);
    expect(values).toMatchObject({ cards: [{ name: 'AMD 1002:687f', usage: 4 }, ASKED], faults: [] });
    expect(values?.cards).toHaveLength(2);
  });

  it('are found where only the driver knows them', async () => {
    expect(await ask({}, {}, async () => [ASKED])).toEqual({ cards: [ASKED], faults: [] });
  });

  it('are none where the driver has none', async () => {
    expect(await ask({}, {}, async () => null)).toBeNull();
  });

  it('are a fault where the driver has one and the answer does not', async () => {
    const files = fakeFiles({ ...LOADED, 'driver/nvidia/gpus/0000:01:00.0/information': 'Model: Tesla T4\n' });
    expect(await linuxGpu(files, async () => null).read()).toEqual({
      reading: { cards: [] },
      faults: [{ fields: ['cards'], reason: 'nvidia-smi tells of no card' }],
    });
  });

  it.each([
    ['nothing', async () => null, 'nvidia-smi tells of no card'],
    ['an empty list', async () => [], 'nvidia-smi tells of no card'],
    ['a refusal', () => Promise.reject(new Error('graphics took longer than 10 s')), 'graphics took longer than 10 s'],
    ['a refusal that is no error', () => Promise.reject('broken'), 'broken'],
  ])('are null, and said why, when the answer is %s', async (_, cards, reason) => {
    expect(await ask(card(1, NVIDIA), NVIDIA_LINKS, cards)).toEqual({
      cards: [{ name: 'NVIDIA 10de:2206', ...NOTHING }],
      faults: [{ fields: ALL, reason }],
    });
  });

  it('are a fault when nothing is known but that they cannot be asked', async () => {
    expect(await ask({}, {}, () => Promise.reject(new Error('failed')))).toEqual({
      cards: [],
      faults: [{ fields: ['cards'], reason: 'failed' }],
    });
  });

  it('say which of their values nvidia-smi does not tell', async () => {
    const values = await ask({}, {}, async () => [ASKED, { ...ASKED, usage: null, watts: null }]);
    expect(values?.cards.map(({ name }) => name)).toEqual([ASKED.name, `${ASKED.name} #2`]);
    expect(values?.faults).toEqual([{ fields: ['cards.usage', 'cards.watts'], reason: 'nvidia-smi does not tell' }]);
  });

  it('are not asked for among the files of another machine', () => {
    const reason = 'NVIDIA tells nothing in /sys, and cannot be asked';
    const files = fakeFiles(LOADED, card(1, NVIDIA), NVIDIA_LINKS);
    expect(toValues(linuxGpu(files, null).read() as Look<GpuReading>)).toEqual({
      cards: [{ name: 'NVIDIA 10de:2206', ...NOTHING }],
      faults: [{ fields: ALL, reason }],
    });
    expect(linuxGpu(fakeFiles(LOADED), null).read()).toMatchObject({ faults: [{ fields: ['cards'], reason }] });
  });

  it('are not woken to be asked', () => {
    const files = fakeFiles(LOADED, card(1, { ...NVIDIA, 'power/runtime_status': 'suspended\n' }), NVIDIA_LINKS);
    expect(linuxGpu(files, never).read()).toMatchObject({
      faults: [{ fields: ALL, reason: 'NVIDIA is suspended, and asking would wake it' }],
    });
  });

  it('tell themselves what nouveau tells', () => {
    const files = { ...NVIDIA, 'hwmon/hwmon3/temp1_input': '40000\n' };
    const values = see(card(1, files), links(1, 'nouveau', '0000:01:00.0'));
    expect(values?.cards).toEqual([{ ...NOTHING, name: 'NVIDIA 10de:2206', celsius: 40 }]);
    expect(values?.faults).toMatchObject([{ reason: 'nouveau does not tell this of NVIDIA 10de:2206' }]);
  });

  it('are asked once by looks that overlap, and again by the next', async () => {
    let asked = 0;
    let answer: (cards: readonly GpuCard[]) => void = () => {};
    const collector = linuxGpu(fakeFiles(LOADED), () => {
      asked++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const looks = [collector.read(), collector.read()];
    answer([ASKED]);
    expect((await Promise.all(looks)).map((look) => look?.reading.cards)).toMatchObject([[ASKED], [ASKED]]);
    expect(asked).toBe(1);
    const next = collector.read();
    answer([]);
    expect(await next).toBeNull();
    expect(asked).toBe(2);
  });
});
