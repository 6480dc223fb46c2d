import { formatText, type MetricEvents } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { meterStyles, meterTemplate } from '../base/meter.ts';
import { tableStyles } from '../base/table.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

/** From here on a file system deserves a look, in percent. */
const NEARLY_FULL = 90;

type Mount = MetricEvents['filesystem']['mounts'][number];

/**
 * The file systems: how full each is.
 *
 * @element telltale-filesystem
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart mounts - The table of file systems.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleFilesystem extends TelltaleElement {
  static override styles = [
    theme,
    meterStyles,
    tableStyles,
    css`
      .full {
        width: 30%;
      }
    `,
  ];

  override needs(): Needs {
    return { metrics: ['filesystem'], series: [] };
  }

  override render(): TemplateResult {
    const mounts = this.data.source?.latest('filesystem')?.mounts;
    const body = html`
      <div class="scroll" tabindex="0" role="group" aria-label="File systems">
        <table part="mounts">
          <thead>
            <tr>
              <th scope="col">Mounted on</th>
              <th scope="col" class="full" title="used / (used + available), as df(1) shows it">Used</th>
              <th scope="col">Available</th>
              <th scope="col" class="wide">Size</th>
              <th scope="col" class="wide">Inodes used</th>
              <th scope="col" class="wide">Type</th>
            </tr>
          </thead>
          <tbody>
            ${mounts?.map(rowTemplate)}
          </tbody>
        </table>
      </div>
    `;
    return cardTemplate(this.data, 'filesystem', '', body);
  }
}

function rowTemplate(each: Mount): TemplateResult {
  const inodes = each.inodesTotal && each.inodesUsed !== null ? (100 * each.inodesUsed) / each.inodesTotal : null;
  const nearly = (each.usedPercent ?? 0) >= NEARLY_FULL;
  return html`<tr>
    <td>
      <span class="name" title="${each.name} (${each.device ?? 'unknown device'})">${each.name}</span>
      <span class="muted">${each.readOnly ? 'read-only' : ''}</span>
    </td>
    <td class="full ${nearly ? 'trouble' : ''}">
      ${formatText(each.usedPercent, 'percent')} ${meterTemplate(each.usedPercent, nearly)}
    </td>
    <td>${formatText(each.availableBytes, 'bytes')}</td>
    <td class="wide">${formatText(each.totalBytes, 'bytes')}</td>
    <td class="wide">${formatText(inodes, 'percent')}</td>
    <td class="wide">${each.type ?? '–'}</td>
  </tr>`;
}
