import { formatText, type MetricEvents } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { cardTemplate, emptyText } from '../base/card.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { factTemplate } from '../base/value.ts';

type Sensor = MetricEvents['sensor'];

const SERIES = 'sensor.temperatures.celsius:*';

/**
 * The sensors: temperatures over time, fans and batteries.
 *
 * @element telltale-sensors
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart empty - What there is to say of a machine without sensors.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleSensors extends TelltaleElement {
  static override styles = theme;

  override needs(): Needs {
    return { metrics: ['sensor'], series: [SERIES] };
  }

  override render(): TemplateResult {
    const sensor = this.data.source?.latest('sensor') ?? null;
    const empty = sensor && sensor.temperatures.length + sensor.fans.length + sensor.batteries.length === 0;
    const body = empty
      ? html`<p part="empty" class="empty muted">${emptyText('sensor')}</p>`
      : html`
          ${
            sensor && sensor.temperatures.length === 0
              ? ''
              : html`<telltale-chart
                  label="Temperatures"
                  .src=${this.src}
                  .token=${this.token}
                  series=${SERIES}
                ></telltale-chart>`
          }
          ${sensor ? factsTemplate(sensor) : ''}
        `;
    return cardTemplate(this.data, 'sensor', '', body);
  }
}

function factsTemplate({ fans, batteries }: Sensor): TemplateResult {
  return html`<dl class="facts">
    ${fans.map(({ name, rpm }) => factTemplate(name, 'Turns per minute', formatText(rpm, 'rpm')))}
    ${batteries.map(({ name, percent, charging, watts }) =>
      factTemplate(
        name,
        'Charge, and what goes in or out',
        [formatText(percent, 'percent'), charging ? 'charging' : '', watts === null ? '' : formatText(watts, 'watts')]
          .filter(Boolean)
          .join(', '),
      ),
    )}
  </dl>`;
}
