import { distinctNames, type Named } from '../distinct-names.ts';
import type { AskedCards, GpuCard } from '../gpu-card.ts';
import type { PortableCalls } from './bridge.ts';

interface AskedCard extends Named {
  /** Whether nvidia-smi spoke of it at all. */
  readonly isAnswered: boolean;
  readonly values: Omit<GpuCard, 'name'>;
}

/** nvidia-smi counts memory in these. */
const MEBIBYTE = 1024 * 1024;

/**
 * NVIDIA's cards as nvidia-smi tells through systeminformation, which starts it and other programs: to be asked only where
 * the driver is. Answers `null` where there is no such card, rejects where the library cannot be asked or understood.
 */
export function nvidiaCards(bridge: PortableCalls): AskedCards {
  // The library drops zeros, so an idle card looks like one that cannot tell its use. One that has told it once is idle.
  let tellUse: ReadonlySet<string> = new Set();
  return async () => {
    const cards = parseCards(await bridge.call('graphics'));
    const names = distinctNames(cards);
    const told = cards.map(({ isAnswered, values }, i) => {
      const name = names[i] ?? '';
      return { ...values, name, usage: values.usage ?? (isAnswered && tellUse.has(name) ? 0 : null) };
    });
    tellUse = new Set(told.filter(({ name, usage }) => usage !== null || tellUse.has(name)).map(({ name }) => name));
    return told.length > 0 ? told : null;
  };
}

/** What `graphics()` told, taken for what it is rather than for what its types promise. */
function parseCards(told: unknown): AskedCard[] {
  const controllers = (told as { controllers?: unknown } | null | undefined)?.controllers;
  if (!Array.isArray(controllers)) throw new Error('systeminformation told no list of graphics cards');
  return controllers.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null) return [];
    const card = each as Readonly<Record<string, unknown>>;
    const slot = text(card['pciBus']);
    if (slot === null && !text(card['vendor'])?.toLowerCase().includes('nvidia')) return [];
    const memory = (field: string) => number(card[field], 0);
    // What is used comes together with what is free, so without it nothing is used: the zero was dropped.
    const used = memory('memoryUsed') ?? (memory('memoryFree') === null ? null : 0);
    return [
      {
        name: text(card['name']) ?? text(card['model']) ?? 'NVIDIA',
        place: slot === null ? text(card['busAddress']) : toKernelSlot(slot),
        isAnswered: slot !== null,
        values: {
          usage: number(card['utilizationGpu'], 0, 100),
          memoryTotalBytes: toBytes(memory('memoryTotal')),
          memoryUsedBytes: toBytes(used),
          celsius: number(card['temperatureGpu'], ABSOLUTE_ZERO),
          watts: number(card['powerDraw'], 0),
        },
      },
    ];
  });
}

const ABSOLUTE_ZERO = -273.15;

const text = (value: unknown) => (typeof value === 'string' ? value.trim() || null : null);
const toBytes = (mebibytes: number | null) => (mebibytes === null ? null : Math.round(mebibytes * MEBIBYTE));

function number(value: unknown, min: number, max = Number.MAX_SAFE_INTEGER / MEBIBYTE): number | null {
  return typeof value === 'number' && value >= min && value <= max ? value : null;
}

/** "00000000:01:00.0" as the kernel writes it, "0000:01:00.0". */
const toKernelSlot = (slot: string) => slot.toLowerCase().replace(/^0000(?=[0-9a-f]{4}:)/, '');
