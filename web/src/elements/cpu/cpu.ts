import { formatText, type MetricEvents } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { meterStyles, meterTemplate } from '../base/meter.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { factTemplate, valueTemplate } from '../base/value.ts';

const PARTS = ['user', 'system', 'iowait', 'interrupt', 'nice', 'steal', 'guest'];
const SERIES = PARTS.map((part) => `cpu.${part}`);

type Cpu = MetricEvents['cpu'];

/**
 * The processors: what they are used for over time, each core now, and the load.
 *
 * @element telltale-cpu
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart value - How much is used.
 * @csspart cores - The list of cores.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleCpu extends TelltaleElement {
  static override styles = [
    theme,
    meterStyles,
    css`
      .cores {
        display: grid;
        gap: 4px 18px;
        grid-template-columns: repeat(auto-fill, minmax(130px, 1fr));
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .cores li {
        align-items: center;
        display: grid;
        font-size: 12px;
        gap: 8px;
        grid-template-columns: 1.6em 1fr 4em;
      }
      .cores .live {
        text-align: right;
      }
    `,
  ];

  override needs(): Needs {
    return { metrics: ['cpu'], series: SERIES };
  }

  override render(): TemplateResult {
    const cpu = this.data.source?.latest('cpu') ?? null;
    const value = html`<span part="value" class="value" title="100 - idle - iowait"
      >${valueTemplate(cpu?.usage ?? null, 'percent')}</span
    >`;
    const body = html`
      <telltale-chart label="CPU" .src=${this.src} .token=${this.token} series=${SERIES.join()} stacked></telltale-chart>
      <ul part="cores" class="cores" aria-label="Cores">
        ${cpu?.cores.map(coreTemplate)}
      </ul>
      ${factsTemplate(cpu)}
    `;
    return cardTemplate(this.data, 'cpu', value, body);
  }
}

function coreTemplate({ name, usage }: Cpu['cores'][number]): TemplateResult {
  return html`<li>
    <span class="muted">${name}</span>
    ${meterTemplate(usage)}
    <span class="live">${formatText(usage, 'percent')}</span>
  </li>`;
}

function factsTemplate(cpu: Cpu | null): TemplateResult {
  const load = [cpu?.load1, cpu?.load5, cpu?.load15].map((value) => formatText(value ?? null, 'load')).join('  ');
  return html`<dl class="facts">
    ${factTemplate('Load 1, 5, 15 min', 'Runnable and uninterruptible tasks, averaged by the kernel; not divided by cores', load)}
    ${factTemplate('Running', 'Tasks on a processor or ready for one', formatText(cpu?.running ?? null, 'count'))}
    ${factTemplate('Blocked', 'Tasks that wait for I/O', formatText(cpu?.blocked ?? null, 'count'))}
    ${factTemplate('Context switches', 'All processors', formatText(cpu?.contextSwitchesPerSecond ?? null, 'perSecond'))}
  </dl>`;
}
