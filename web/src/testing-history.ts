import { type AnyEvent, formatSeries, type History, instancesOf, parseSeries, seriesValue } from '@telltale/shared';

/** Some of the widths that a server may choose from. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200].map((seconds) => seconds * 1_000);

interface Sample {
  readonly id: string;
  readonly at: number;
  readonly name: string;
  readonly data: object;
}

/**
 * What a server keeps of its events, and answers from it: worked out for each step from all samples in it, without any
 * of the ways in which a server or a page makes that cheap.
 */
export class FakeRecorder {
  readonly samples: Sample[] = [];
  cursor: string | null = null;
  paceMs = 1_000;

  keep(id: string, { name, data }: AnyEvent): void {
    this.samples.push({ id, at: (data as { at: number }).at, name, data });
    this.cursor = id;
  }

  answer(url: string, now: number): History {
    const query = new URL(url).searchParams;
    const moment = (text: string) => (text.startsWith('-') ? now - 1_000 * Number.parseInt(text.slice(1), 10) : +text);
    const from = moment(query.get('from') ?? '');
    const to = query.has('to') ? moment(query.get('to') ?? '') : now;
    const ends = (stepMs: number) => {
      const times: number[] = [];
      for (let end = Math.floor(from / stepMs) * stepMs + stepMs; end - stepMs < to; end += stepMs) times.push(end);
      return times;
    };
    const fits = (stepMs: number) => stepMs >= this.paceMs && ends(stepMs).length <= Number(query.get('points'));
    const stepMs = WIDTHS.find(fits) ?? 7_200_000;
    const times = ends(stepMs);
    const names = (query.get('series') ?? '').split(',').flatMap((asked) => this.#namesOf(asked));
    const series = Object.fromEntries(names.map((name) => [name, this.#columns(name, times, stepMs)]));
    return { cursor: query.has('to') ? null : this.cursor, from, to, stepMs, times, series };
  }

  /** What a step of a series holds. */
  values(name: string, end: number, stepMs: number): number[] {
    const series = parseSeries(name);
    if (series instanceof Error) throw series;
    return this.samples
      .filter((sample) => sample.name === series.metric && sample.at > end - stepMs && sample.at <= end)
      .map(({ data }) => seriesValue(data, series))
      .filter((value) => value !== null);
  }

  #columns(name: string, times: readonly number[], stepMs: number) {
    const of = (pick: (values: number[]) => number) =>
      times.map((end) => {
        const values = this.values(name, end, stepMs);
        return values.length === 0 ? null : pick(values);
      });
    const avg = of(mean);
    if (stepMs <= this.paceMs) return { avg };
    return {
      avg,
      min: of((all) => Math.min(...all)),
      max: of((all) => Math.max(...all)),
      last: of((all) => all.at(-1) ?? 0),
    };
  }

  #namesOf(asked: string): string[] {
    const series = parseSeries(asked);
    if (series instanceof Error) throw series;
    if (!series.allInstances) return [asked];
    const members = this.samples.flatMap(({ name, data }) => (name === series.metric ? instancesOf(data, series) : []));
    return [...new Set(members)].map((member) => formatSeries(series.metric, series.path, member));
  }
}

export const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
