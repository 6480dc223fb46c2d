import type { HistoryStore } from '@telltale/server/history';
import { type History, type MetricName, parseSeries, type Series } from '@telltale/shared';

/** A border of every window in which history is packed. */
export const START = Math.ceil(1_800_000_000_000 / 864_000_000) * 864_000_000;

/** What is recorded at the `n`th second: any two differ, none is what a cut or a turned bit would make of another. */
export const usageAt = (n: number): number => (Math.imul(n, 2_654_435_761) >>> 8) % 10_001;
export const timeOf = (n: number): number => START + n * 1_000 - 500;

export const tickOf = (n: number): (readonly [string, string])[] => {
  const at = timeOf(n);
  const usage = usageAt(n);
  return [
    ['cpu', JSON.stringify({ at, elapsedMs: 1_000, usage, load1: (usage % 100) / 100, cores: [{ name: '0', usage }] })],
    ['memory', JSON.stringify({ at, elapsedMs: 1_000, usedBytes: usage * 1_048_576 })],
  ];
};

export async function readHistory(
  store: Pick<HistoryStore, 'query'>,
  series: readonly string[],
  asked: { readonly from: number; readonly to: number; readonly points: number },
): Promise<History> {
  const paces: Partial<Record<MetricName, number>> = {};
  const query = { ...asked, paces, series: series.map((name) => parseSeries(name) as Series) };
  let text = '';
  for await (const piece of await store.query(query, 'application/json', null)) text += piece;
  return JSON.parse(text);
}

/** What was recorded at each of some seconds, `null` where nothing was. */
export async function secondsOf(store: Pick<HistoryStore, 'query'>, first: number, last: number) {
  const found: (number | null)[] = [];
  for (let from = first - 1; from < last; from += 1_500) {
    const to = Math.min(last, from + 1_500);
    const asked = { from: START + from * 1_000, to: START + to * 1_000, points: 2_000 };
    const { series } = await readHistory(store, ['cpu.usage'], asked);
    found.push(...(series['cpu.usage']?.avg ?? []));
  }
  return found;
}
