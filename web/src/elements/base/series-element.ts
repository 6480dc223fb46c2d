import { metrics, parseSeries, type Series } from '@telltale/shared';
import { property } from 'lit/decorators.js';
import type { Needs } from '../../client/index.ts';
import { TelltaleElement } from './telltale-element.ts';

/**
 * What shows one series has: which, and what to call it.
 *
 * @attr series - What to show, like `cpu.usage`. Defaults to `cpu.usage`.
 * @attr label - What to call it. Defaults to the titles of the metric and the series.
 */
export abstract class SeriesElement extends TelltaleElement {
  @property() series = 'cpu.usage';
  @property() label: string | null = null;

  /** The series, or what is wrong with its name, for a person to read. */
  protected get parsed(): Series | Error {
    const series = parseSeries(this.series);
    if (series instanceof Error || !series.allInstances) return series;
    return new Error(`"${this.series}" is many series; name one of them in place of the "*"`);
  }

  protected labelOf({ metric, meta, instance }: Series): string {
    const member = instance === null ? '' : `, ${instance}`;
    return this.label ?? `${metrics[metric].title}: ${meta.title}${member}`;
  }

  protected get value(): number | null {
    return this.data.source?.value(this.series) ?? null;
  }

  override needs(): Needs {
    const series = this.parsed;
    return { metrics: series instanceof Error ? [] : [series.metric], series: [] };
  }
}
