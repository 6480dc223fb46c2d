import { formatText, type MetricEvents, parseSeries, type Series } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';
import { type Needs, pagePreferences } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { type Display, displayOf, displayText } from '../base/display.ts';
import { tableStyles } from '../base/table.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

/** Whichever of its rates: all of them are written in one unit. */
const SERIES = ['network.rxBytesPerSecond', 'network.txBytesPerSecond'];
const RATE = parseSeries('network.rxBytesPerSecond') as Series;
const TOTAL_OF = { physical: 'physical interfaces', all: 'all interfaces but loopback' };

type Network = MetricEvents['network'];
type Interface = Network['interfaces'][number];

/**
 * The network: what comes in and goes out over time, and each interface now.
 *
 * @element telltale-network
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart interfaces - The table of interfaces.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleNetwork extends TelltaleElement {
  static override styles = [
    theme,
    tableStyles,
    css`
      .down {
        color: var(--_muted);
      }
    `,
  ];

  override needs(): Needs {
    return { metrics: ['network'], series: SERIES };
  }

  override render(): TemplateResult {
    const network = this.data.source?.latest('network') ?? null;
    const display = displayOf(RATE, pagePreferences.choices);
    const of = network?.totalOf && TOTAL_OF[network.totalOf];
    const body = html`
      <telltale-chart
        label="Network"
        .src=${this.src}
        .token=${this.token}
        series=${SERIES.join()}
      ></telltale-chart>
      <div class="scroll" tabindex="0" role="group" aria-label="Interfaces">
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
            ${network?.interfaces.map((each) => rowTemplate(each, display))}
          </tbody>
        </table>
      </div>
    `;
    return cardTemplate(this.data, 'network', html`<span class="muted">${of ?? ''}</span>`, body);
  }
}

function rowTemplate(each: Interface, display: Display): TemplateResult {
  const errors = total(each.rxErrorsPerSecond, each.txErrorsPerSecond);
  const drops = total(each.rxDropsPerSecond, each.txDropsPerSecond);
  const trouble = (errors ?? 0) + (drops ?? 0) > 0;
  const facts = [each.kind, each.up === false ? 'down' : null, each.reset ? 'counters were reset' : null];
  return html`<tr class=${each.up === false ? 'down' : ''}>
    <td>
      <span class="name" title=${each.name}>${each.name}</span>
      <span class="muted">${facts.filter(Boolean).join(', ')}</span>
    </td>
    <td>${displayText(each.rxBytesPerSecond, display)}</td>
    <td>${displayText(each.txBytesPerSecond, display)}</td>
    <td class="wide">${formatText(each.rxBytes, 'bytes')}</td>
    <td class="wide">${formatText(each.txBytes, 'bytes')}</td>
    <td class="wide ${trouble ? 'trouble' : ''}">${formatText(errors, 'perSecond')}, ${formatText(drops, 'perSecond')}</td>
  </tr>`;
}

const total = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
