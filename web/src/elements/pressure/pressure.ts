import { formatText } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { factTemplate } from '../base/value.ts';

const SERIES = ['pressure.cpuSome', 'pressure.memorySome', 'pressure.ioSome'];
const FULL = 'Share of the interval in which every task that was not idle waited for ';

/**
 * Pressure: how much of the time tasks had to wait for processors, memory and disks. It says "slow" better than load.
 *
 * @element telltale-pressure
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltalePressure extends TelltaleElement {
  static override styles = theme;

  override needs(): Needs {
    return { metrics: ['pressure'], series: SERIES };
  }

  override render(): TemplateResult {
    const pressure = this.data.source?.latest('pressure') ?? null;
    const body = html`
      <telltale-chart
        label="Pressure"
        .src=${this.src}
        .token=${this.token}
        series=${SERIES.join()}
      ></telltale-chart>
      <dl class="facts">
        ${factTemplate('All wait for memory', `${FULL}memory`, formatText(pressure?.memoryFull ?? null, 'percent'))}
        ${factTemplate('All wait for I/O', `${FULL}I/O`, formatText(pressure?.ioFull ?? null, 'percent'))}
      </dl>
    `;
    return cardTemplate(this.data, 'pressure', html`<span class="muted">time in which tasks wait</span>`, body);
  }
}
