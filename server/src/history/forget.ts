import { PROCESSES, packRaw, processesIn, putProcesses } from './archive.ts';
import { PackedTable, packTable, type Table } from './codec/table.ts';
import { ROLLED_WIDTH } from './roll-up.ts';
import type { Chunk, Shelf } from './shelf/shelf.ts';
import { TIER_NAMES, TIERS, type TierName } from './tiers.ts';

/**
 * Removes what was recorded after `from` up to and with `to`. A step of a rolled-up tier that holds some of it goes as a
 * whole, since what is in it cannot be told apart.
 */
export function forget(shelf: Shelf, from: number, to: number): void {
  shelf.transaction(() => {
    for (const tier of TIER_NAMES) {
      for (const metric of shelf.metrics(tier)) {
        const reach = TIERS[tier].stepMs;
        for (const chunk of shelf.find(tier, metric, from, to + reach)) {
          const body = shelf.body(chunk);
          shelf.remove(chunk.id);
          if (body) keepRest(shelf, tier, chunk, body, from, to);
        }
      }
    }
  });
  while (shelf.reclaim());
}

function keepRest(shelf: Shelf, tier: TierName, chunk: Chunk, body: Buffer, from: number, to: number): void {
  if (chunk.metric === PROCESSES) {
    const { stepMs } = TIERS.minute;
    return putProcesses(
      shelf,
      processesIn(body).filter(({ at }) => at <= from || at - stepMs >= to),
    );
  }
  const { stepMs } = TIERS[tier];
  // As sampled, a row is a moment; rolled up it is the whole of its interval.
  const isKept = stepMs === 0 ? (at: number) => at <= from || at > to : (at: number) => at <= from || at - stepMs >= to;
  const packed = new PackedTable(body);
  const rest = pickRows(packed.unpack(), isKept);
  const [first, last] = [rest.times[0], rest.times.at(-1)];
  if (first === undefined || last === undefined) return;
  let samples = 0;
  for (const [column = new Float64Array()] of rest.columns.values()) {
    samples += column.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  }
  const bytes = tier === 'raw' ? packRaw(chunk.metric, rest) : packTable(rest, ROLLED_WIDTH);
  shelf.put({ tier, metric: chunk.metric, first, last, samples }, bytes);
}

function pickRows({ times, columns }: Table, isKept: (at: number) => boolean): Table {
  const keep = (_: number, row: number) => isKept(times[row] as number);
  const rest = [...columns]
    .map(([key, own]) => [key, own.map((column) => column.filter(keep))] as const)
    .filter(([, [column]]) => column?.some((value) => !Number.isNaN(value)));
  return { times: times.filter((at) => isKept(at)), columns: new Map(rest) };
}
