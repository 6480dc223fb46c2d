import {
  formatSeries,
  type History,
  type HistoryColumns,
  instancesOf,
  parseDuration,
  parseSeries,
  type Series,
  seriesValue,
} from '@telltale/shared';
import type { LoadedRecording } from './loaded-recording.ts';

/** How much wider than a pace a step may be, until the range has no more steps than were asked for. */
const FACTORS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];
const DEFAULT_POINTS = 600;
/** As many as a page keeps; names in a recording are hostile too. */
const MAX_COLUMNS = 1_024;

interface Step {
  sum: number;
  count: number;
  min: number;
  max: number;
  last: number;
}

/** `GET /api/history` of what has been played so far: the same answer as the server's, from the first `count` events. */
export function replayHistory(recording: LoadedRecording, count: number, query: URLSearchParams): History {
  const now = recording.timeAfter(count);
  const wanted = (query.get('series') ?? '').split(',').flatMap((name) => {
    const series = parseSeries(name);
    return series instanceof Error ? [] : [series];
  });
  const { metrics } = recording.head;
  const pace = Math.min(...wanted.map(({ metric }) => metrics[metric] ?? 1_000), 3_600_000);
  const [from, to] = [momentOf(query.get('from') ?? '-15m', now), momentOf(query.get('to') ?? 'now', now)];
  const points = Math.max(2, Number(query.get('points')) || DEFAULT_POINTS);
  const factor = FACTORS.find((each) => (to - from) / (each * pace) + 1 <= points);
  const stepMs = factor === undefined ? Math.ceil((to - from) / (points - 1) / pace) * pace : factor * pace;
  const firstEnd = Math.floor(from / stepMs) * stepMs + stepMs;
  const length = Math.max(0, Math.ceil((to - firstEnd) / stepMs) + 1);
  const columns = gather(recording, count, wanted, (at) => Math.ceil((at - firstEnd) / stepMs), length);
  return {
    cursor: to >= now ? cursorAt(count) : null,
    ...{ from, to, stepMs },
    times: Array.from({ length }, (_, i) => firstEnd + i * stepMs),
    series: Object.fromEntries([...columns].map(([name, steps]) => [name, toColumns(steps, stepMs > pace)])),
  };
}

/** A place in what is played, as a cursor: so many events have come. */
export const cursorAt = (count: number) => `replay.${count.toString(36)}`;

function momentOf(text: string, now: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  const ago = text.startsWith('-') ? parseDuration(text.slice(1)) : null;
  if (ago !== null) return now - ago;
  const at = Date.parse(text);
  return Number.isNaN(at) ? now : at;
}

function gather(
  recording: LoadedRecording,
  count: number,
  wanted: readonly Series[],
  indexOf: (at: number) => number,
  length: number,
): Map<string, (Step | undefined)[]> {
  const columns = new Map<string, (Step | undefined)[]>();
  const columnFor = (name: string) => {
    const known = columns.get(name);
    if (known || columns.size >= MAX_COLUMNS) return known;
    const fresh = new Array<Step | undefined>(length).fill(undefined);
    columns.set(name, fresh);
    return fresh;
  };
  for (const series of wanted) {
    if (!series.allInstances) columnFor(formatSeries(series.metric, series.path, series.instance));
  }
  for (let i = 0; i < count; i++) {
    const name = recording.name(i);
    // The moment is known without reading the event, which is what takes time.
    const near = indexOf(recording.timeAfter(i + 1));
    if (near < -1 || near > length || !wanted.some(({ metric }) => metric === name)) continue;
    const data = recording.event(i).data as { readonly at: number };
    const index = indexOf(data.at);
    if (index < 0 || index >= length) continue;
    for (const series of wanted.filter(({ metric }) => metric === name)) {
      for (const instance of series.allInstances ? instancesOf(data, series) : [series.instance]) {
        const value = seriesValue(data, { ...series, instance });
        const column = columnFor(formatSeries(series.metric, series.path, instance));
        if (value !== null && column) column[index] = added(column[index], value);
      }
    }
  }
  return columns;
}

function added(step: Step | undefined, value: number): Step {
  if (!step) return { sum: value, count: 1, min: value, max: value, last: value };
  step.sum += value;
  step.count++;
  step.min = Math.min(step.min, value);
  step.max = Math.max(step.max, value);
  step.last = value;
  return step;
}

function toColumns(steps: readonly (Step | undefined)[], wide: boolean): HistoryColumns {
  const pick = (of: (step: Step) => number) => steps.map((step) => (step ? of(step) : null));
  const avg = pick(({ sum, count }) => sum / count);
  if (!wide) return { avg };
  return { avg, min: pick(({ min }) => min), max: pick(({ max }) => max), last: pick(({ last }) => last) };
}
