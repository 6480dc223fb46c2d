import { formatText, type MetricEvents } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

const TOTAL_OF = { physical: 'physical interfaces', all: 'all interfaces but loopback' };

type Network = MetricEvents['network'];
type Interface = Network['interfaces'][number];

/**
 * The network: what comes in and goes out over time, and each interface now.
 *
 * @element telltale-network
 * @csspart base - The whole.
 * @csspart interfaces - The table of interfaces.
 */
export class TelltaleNetwork extends TelltaleElement {
  static override styles = [
    theme,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font-size: 13px;
        width: 100%;
      }
      th {
        color: var(--_muted);
        font-size: 12px;
        font-weight: 400;
      }
      th,
      td {
        border-top: 1px solid var(--_rule);
        padding: 4px 12px 4px 0;
        text-align: right;
        white-space: nowrap;
      }
      th:first-child,
      td:first-child {
        text-align: left;
      }
      th:last-child,
      td:last-child {
        padding-right: 0;
      }
      .name {
        display: inline-block;
        max-width: 18ch;
        overflow: hidden;
        text-overflow: ellipsis;
        vertical-align: bottom;
      }
      .down {
        color: var(--_muted);
      }
      .trouble {
        color: var(--_signal);
      }
      .base {
        container-type: inline-size;
      }
      @container (max-width: 480px) {
        .wide {
          display: none;
        }
      }
    `,
  ];

  override needs(): Needs {
    return { metrics: ['network'], series: [] };
  }

  override render(): TemplateResult {
    const network = this.data.source?.latest('network') ?? null;
    const of = network?.totalOf && TOTAL_OF[network.totalOf];
    return html`
      <section part="base" class="base card ${this.data.stale ? 'stale' : ''}">
        <div class="head">
          <h2>Network</h2>
          <span class="muted">${of ?? ''}</span>
        </div>
        <telltale-chart
          label="Network"
          .src=${this.src}
          .token=${this.token}
          series="network.rxBytesPerSecond,network.txBytesPerSecond"
        ></telltale-chart>
        <div class="scroll">
          <table part="interfaces">
            <thead>
              <tr>
                <th scope="col">Interface</th>
                <th scope="col">In</th>
                <th scope="col">Out</th>
                <th scope="col" class="wide">Total in</th>
                <th scope="col" class="wide">Total out</th>
                <th scope="col" class="wide">Errors, drops</th>
              </tr>
            </thead>
            <tbody>
              ${network?.interfaces.map(rowTemplate)}
            </tbody>
          </table>
        </div>
      </section>
    `;
  }
}

function rowTemplate(each: Interface): TemplateResult {
  const errors = total(each.rxErrorsPerSecond, each.txErrorsPerSecond);
  const drops = total(each.rxDropsPerSecond, each.txDropsPerSecond);
  const trouble = (errors ?? 0) + (drops ?? 0) > 0;
  const facts = [each.kind, each.up === false ? 'down' : null, each.reset ? 'counters were reset' : null];
  return html`<tr class=${each.up === false ? 'down' : ''}>
    <td>
      <span class="name" title=${each.name}>${each.name}</span>
      <span class="muted">${facts.filter(Boolean).join(', ')}</span>
    </td>
    <td>${formatText(each.rxBytesPerSecond, 'bytesPerSecond')}</td>
    <td>${formatText(each.txBytesPerSecond, 'bytesPerSecond')}</td>
    <td class="wide">${formatText(each.rxBytes, 'bytes')}</td>
    <td class="wide">${formatText(each.txBytes, 'bytes')}</td>
    <td class="wide ${trouble ? 'trouble' : ''}">${formatText(errors, 'perSecond')}, ${formatText(drops, 'perSecond')}</td>
  </tr>`;
}

const total = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
