import { formatText, type MetricEvents } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { meterStyles, meterTemplate } from '../base/meter.ts';
import { tableStyles } from '../base/table.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

type Device = MetricEvents['disk']['devices'][number];

const SERIES = ['disk.readBytesPerSecond', 'disk.writeBytesPerSecond'];

/**
 * The disks: what is read and written over time, and each device now.
 *
 * @element telltale-disk
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart devices - The table of devices.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleDisk extends TelltaleElement {
  static override styles = [theme, meterStyles, tableStyles];

  override needs(): Needs {
    return { metrics: ['disk'], series: SERIES };
  }

  override render(): TemplateResult {
    const disk = this.data.source?.latest('disk') ?? null;
    const body = html`
      <telltale-chart
        label="Disk"
        .src=${this.src}
        .token=${this.token}
        series=${SERIES.join()}
      ></telltale-chart>
      <div class="scroll" tabindex="0" role="group" aria-label="Devices">
        <table part="devices">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Busy</th>
              <th scope="col">Read</th>
              <th scope="col">Written</th>
              <th scope="col" class="wide">Requests</th>
              <th scope="col" class="wide">Queue</th>
              <th scope="col" class="wide">Latency, read / write</th>
            </tr>
          </thead>
          <tbody>
            ${disk?.devices.map(rowTemplate)}
          </tbody>
        </table>
      </div>
    `;
    return cardTemplate(this.data, 'disk', '', body);
  }
}

function rowTemplate(each: Device): TemplateResult {
  const requests =
    each.readsPerSecond === null || each.writesPerSecond === null ? null : each.readsPerSecond + each.writesPerSecond;
  return html`<tr>
    <td><span class="name" title=${each.name}>${each.name}</span></td>
    <td>${formatText(each.busy, 'percent')} ${meterTemplate(each.busy)}</td>
    <td>${formatText(each.readBytesPerSecond, 'bytesPerSecond')}</td>
    <td>${formatText(each.writeBytesPerSecond, 'bytesPerSecond')}</td>
    <td class="wide">${formatText(requests, 'perSecond')}</td>
    <td class="wide">${formatText(each.queue, 'count')}</td>
    <td class="wide">${formatText(each.readLatencyMs, 'ms')} / ${formatText(each.writeLatencyMs, 'ms')}</td>
  </tr>`;
}
