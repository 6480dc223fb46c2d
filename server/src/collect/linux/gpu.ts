import type { Collector, Sample } from '../collector.ts';
import { isAbsence } from '../device-class.ts';
import { distinctNames, type Named } from '../distinct-names.ts';
import { type DrmCard, type DrmReading, findDrmCards, NO_READING, readDrmCard } from '../drm-cards.ts';
import type { AskedCards, GpuCard } from '../gpu-card.ts';
import { naturalOrder } from '../natural-order.ts';
import { perSecond, round } from '../rate.ts';
import { isSuspended } from '../sysfs.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

export interface GpuReading {
  readonly cards: readonly ({ readonly name: string } & DrmReading)[];
}

type Card = Named & DrmReading;

/** No machine has as many; what comes after them is left out, with a fault. */
const MAX_CARDS = 512;
const FIELDS = ['usage', 'memoryTotalBytes', 'memoryUsedBytes', 'celsius', 'watts'] as const;

/**
 * Graphics cards as their drivers tell in /sys. NVIDIA's own driver tells nothing there, so its cards are asked for, but
 * only where /proc/driver/nvidia says that it is loaded: on other machines no process is ever started.
 */
export function linuxGpu(files: HostFiles, nvidia: AskedCards | null): Collector<'gpu', GpuReading> {
  let asking: Promise<readonly GpuCard[] | null> | null = null;
  /** Looks that overlap share one question. */
  function ask(cards: AskedCards): Promise<readonly GpuCard[] | null> {
    asking ??= cards().finally(() => {
      asking = null;
    });
    return asking;
  }

  /** The cards of NVIDIA's own driver, at once where there is nobody to ask. */
  function askNvidia(silent: readonly DrmCard[], faults: Faults): Card[] | Promise<Card[]> {
    const isLoaded = !(files.procList('driver/nvidia') instanceof Error);
    if (!isLoaded && silent.length === 0) return [];
    if (silent.length > 0 && silent.every(({ folder }) => isSuspended(files, folder))) {
      return untold(silent, 'NVIDIA is suspended, and asking would wake it', faults);
    }
    if (!nvidia || !isLoaded) return untold(silent, 'NVIDIA tells nothing in /sys, and cannot be asked', faults);
    const gpus = files.procList('driver/nvidia/gpus');
    const hasCards = silent.length > 0 || (!(gpus instanceof Error) && gpus.length > 0);
    return ask(nvidia).then(
      (asked) => {
        if (asked && asked.length > 0) return answered(asked, faults);
        return hasCards ? untold(silent, 'nvidia-smi tells of no card', faults) : [];
      },
      (error: unknown) => untold(silent, reasonOf(error), faults),
    );
  }

  return {
    read() {
      const faults = new Faults();
      const listed = files.sysList('class/drm');
      if (listed instanceof Error && !isAbsence(listed)) faults.keep(['cards'], listed);
      const found = listed instanceof Error ? [] : findDrmCards(files, listed);
      const told = found
        .filter(({ driver }) => driver !== 'nvidia')
        .map((card): Card => ({ ...card, ...readDrmCard(files, card, faults) }));
      const silent = found.filter(({ driver }) => driver === 'nvidia');
      const asked = askNvidia(silent, faults);
      if (asked instanceof Promise) return asked.then((cards) => toLook([...told, ...cards], faults));
      return toLook(told.concat(asked), faults);
    },
    derive({ cards }, before, elapsedMs) {
      const earlier = new Map(before?.cards.map((card) => [card.name, card]));
      return {
        cards: cards.map(({ joules, watts, ...card }) => ({
          name: card.name,
          usage: card.usage,
          memoryTotalBytes: card.memoryTotalBytes,
          memoryUsedBytes: card.memoryUsedBytes,
          celsius: card.celsius,
          watts: watts === null ? perSecond(joules, earlier.get(card.name)?.joules, elapsedMs, 3) : round(watts, 3),
        })),
      };
    },
  };
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The cards that are known from /sys, of which nothing more can be told. */
function untold(silent: readonly DrmCard[], reason: string, faults: Faults): Card[] {
  faults.keep(silent.length > 0 ? FIELDS.map((field) => `cards.${field}`) : ['cards'], new Error(reason));
  return silent.map((card) => ({ ...card, ...NO_READING }));
}

function answered(asked: readonly GpuCard[], faults: Faults): Card[] {
  const missing = FIELDS.filter((field) => asked.some((card) => card[field] === null));
  if (missing.length > 0) {
    const fields = missing.map((field) => `cards.${field}`);
    faults.keep(fields, new Error('nvidia-smi does not tell'));
  }
  return asked.map((card) => ({ ...card, place: null, joules: null }));
}

function toLook(all: readonly Card[], faults: Faults): Sample<GpuReading> | null {
  if (all.length > MAX_CARDS) {
    faults.keep(['cards'], new Error(`${all.length} cards: only the first ${MAX_CARDS} are shown`));
  }
  const cards = all.slice(0, MAX_CARDS);
  const names = distinctNames(cards);
  const named = cards.map((card, i) => ({ ...card, name: names[i] ?? card.name }));
  named.sort((a, b) => naturalOrder(a.name, b.name));
  return named.length === 0 && faults.list.length === 0 ? null : { reading: { cards: named }, faults: faults.list };
}
