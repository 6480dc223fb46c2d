import { type Fields, fieldKind, type MetricName, metrics } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';
import { STATE_WORDS, stateDetail } from './connection-words.ts';
import type { SourceController } from './source-controller.ts';

/** What to read instead of values that may be out of date; empty while all is well. */
function connectionNotice(data: SourceController): string {
  if (!data.stale) return '';
  return [STATE_WORDS[data.status.state], stateDetail(data)].filter(Boolean).join(': ');
}

/** What a field is called: of `byCpu.user` its last part. A server of another version may have fields that are not known here. */
function titleOf(fields: Fields, path: string): string {
  const [first = '', ...rest] = path.split('.');
  if (!Object.hasOwn(fields, first)) return path;
  const field = fieldKind(fields[first] as Fields[string]);
  if ('fields' in field && rest.length > 0) return titleOf(field.fields, rest.join('.'));
  return field.kind === 'number' ? field.meta.title : field.title;
}

/** Why fields are absent, each reason once. */
function faultNotice(data: SourceController, metric: MetricName): string {
  const reasons =
    data.source?.faultsOf(metric).map(({ fields, reason }) => {
      const titles = new Set(fields.map((field) => titleOf(metrics[metric].fields, field)));
      return [...titles, reason].join(', ');
    }) ?? [];
  return reasons.length === 0 ? '' : `Could not be read: ${[...new Set(reasons)].slice(0, 3).join('; ')}`;
}

/**
 * What every widget of a metric is: a card with a heading, its body, and what there is to say when the values are not
 * what they seem. `aside` stands beside the heading.
 */
export function cardTemplate(
  data: SourceController,
  metric: MetricName,
  aside: unknown,
  body: unknown,
  title = metrics[metric].title,
): TemplateResult {
  const connection = connectionNotice(data);
  const fault = faultNotice(data, metric);
  const lacking = data.source?.lacks(metric) ?? false;
  return html`
    <section part="base" class="card ${data.stale ? 'stale' : ''}" aria-label=${title}>
      <div part="head" class="head">
        <h2 part="heading"><slot name="heading">${title}</slot></h2>
        ${lacking ? '' : aside}
      </div>
      ${lacking ? html`<p part="empty" class="empty muted">${emptyText(metric)}</p>` : body}
      <slot></slot>
      ${connection === '' ? '' : html`<p part="notice" class="notice connection">${connection}</p>`}
      ${fault === '' ? '' : html`<p part="notice" class="notice muted">${fault}</p>`}
    </section>
  `;
}

const EMPTY: Partial<Record<MetricName, string>> = {
  sensor: 'This machine has no sensors that can be read, as most virtual machines',
  gpu: 'No graphics processor of this machine tells anything about itself',
  pressure: 'The kernel of this machine does not tell how long tasks wait (PSI)',
};

/** What a machine lacks is not a fault of it. */
export const emptyText = (metric: MetricName): string =>
  EMPTY[metric] ?? `This machine tells nothing of ${metrics[metric].title}`;
