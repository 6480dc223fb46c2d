import { instancesOf, parseSeries } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Needs, Source } from '../../client/index.ts';
import { TelltaleElement } from '../../elements/base/telltale-element.ts';
import { theme } from '../../elements/base/theme.ts';
import { isChart, keyOf, type PanelElement, type PanelSpec } from './panel-spec.ts';
import { panelTemplate } from './panel-template.ts';

/** When to look again whether what was revealed is still in sight, in ms from one look to the next. */
const SETTLING_MS = [50, 200, 500];
/** So many are drawn at first: the top of any screen. */
const FIRST = 4;
/** What has a row for each of many things. */
const TABLES: ReadonlySet<PanelElement> = new Set(['processes', 'network', 'disk', 'filesystem']);

/**
 * The panels of a section. What the machine has nothing to say about is left out, once that is known.
 *
 * @element telltale-section
 * @attr dense - As many as fit on a screen: four in a row, and low.
 * @fires telltale-pin - Onto the board, or off it.
 * @fires telltale-embed - Somebody wants a panel in a page of theirs.
 * @csspart grid - The panels.
 */
export class TelltaleSection extends TelltaleElement {
  static override styles = [
    theme,
    css`
      .grid {
        --telltale-chart-notes: none;
        --telltale-notices: none;
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
      }
      :host([dense]) .grid {
        --telltale-chart-height: var(--telltale-dense-height, 100px);
        --telltale-legend-gap: 10px;
        --telltale-legend-size: 11.5px;
        --telltale-legend-value: 3.6em;
        --telltale-chart-table: none;
        --_gap: 6px;
        gap: 10px;
        grid-template-columns: var(
          --telltale-dense-columns,
          repeat(auto-fill, minmax(min(100%, 270px), 1fr))
        );
      }
      :host([dense]) .card {
        padding: 7px 12px;
      }
      /* A chart beside a table would be mostly empty: nobody knows how long that is. */
      .whole {
        grid-column: 1 / -1;
      }
      .cell {
        /* What is far below is laid out when somebody comes near. */
        contain-intrinsic-size: auto 250px;
        content-visibility: auto;
        display: grid;
        min-width: 0;
        position: relative;
      }
      :host([dense]) .cell {
        contain-intrinsic-size: auto 158px;
      }
      .cell:focus-visible {
        border-radius: 6px;
        outline: 2px solid var(--_series-1);
        outline-offset: 2px;
      }
      /* There for whoever looks for it, and out of the way of everybody else. */
      telltale-panel-menu {
        --telltale-menu-opacity: 0;
        position: absolute;
        right: 6px;
        top: 4px;
      }
      .cell:hover telltale-panel-menu,
      .cell:focus-within telltale-panel-menu {
        --telltale-menu-opacity: 1;
      }
      @media (hover: none) {
        telltale-panel-menu {
          --telltale-menu-opacity: 1;
        }
      }
      @media print {
        .cell {
          break-inside: avoid;
        }
        telltale-panel-menu {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) panels: readonly PanelSpec[] = [];
  @property({ type: Boolean, reflect: true }) dense = false;
  /** How many are shown of those that there is something to say about. */
  @property({ attribute: false }) most = Number.POSITIVE_INFINITY;

  /** Whether a panel is on the reader's board. */
  @property({ attribute: false }) pinned: (panel: PanelSpec) => boolean = () => false;

  /** Charts come first. */
  #hasMenus = false;
  /** How many may be drawn: those at the top are to be seen before the others are made. */
  #drawable = FIRST;

  /** The elements ask for what they show. */
  override needs(): Needs {
    return { metrics: [], series: [] };
  }

  override render(): TemplateResult {
    const { source, status } = this.data;
    this.#hasMenus ||= status.state !== 'connecting';
    const shown = this.panels.filter((panel) => !isSilent(panel, source)).slice(0, Math.min(this.most, this.#drawable));
    return html`<div part="grid" class="grid">${shown.map((panel) => this.#cell(panel))}</div>`;
  }

  protected override updated(): void {
    if (this.#drawable === Number.POSITIVE_INFINITY) return;
    this.#drawable = Number.POSITIVE_INFINITY;
    // The first frame has these, and the second comes when that was painted.
    requestAnimationFrame(() => requestAnimationFrame(() => this.requestUpdate()));
  }

  /** Brings a panel into sight, and gives it the focus: whoever went there by keyboard goes on from it. */
  async reveal(panel: PanelSpec): Promise<void> {
    await this.updateComplete;
    const cell = this.renderRoot.querySelector<HTMLElement>(`[data-key="${CSS.escape(keyOf(panel))}"]`);
    cell?.focus({ preventScroll: true });
    // What is above it may still get its height, and would push it away.
    for (const wait of SETTLING_MS) {
      cell?.scrollIntoView({ block: 'center' });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  #cell(panel: PanelSpec): TemplateResult {
    const width = !isChart(panel) && TABLES.has(panel.element) ? 'whole' : '';
    return html`<div class="cell ${width}" tabindex="-1" data-key=${keyOf(panel)}>
      ${panelTemplate(panel, this)}
      ${
        this.#hasMenus
          ? html`<telltale-panel-menu
              .src=${this.src}
              .token=${this.token}
              .spec=${panel}
              ?pinned=${this.pinned(panel)}
            ></telltale-panel-menu>`
          : ''
      }
    </div>`;
  }
}

/** Whether nothing of a panel will ever be told by this machine. */
function isSilent(panel: PanelSpec, source: Source | null): boolean {
  if (!source || !isChart(panel)) return false;
  return panel.series.split(',').every((name) => {
    const series = parseSeries(name);
    if (series instanceof Error) return false;
    if (source.lacks(series.metric)) return true;
    const event = source.latest(series.metric);
    if (event === null) return false;
    if (series.allInstances) return instancesOf(event, series).length === 0;
    return series.path.length === 2 && (event as Record<string, unknown>)[series.path[0]] === null;
  });
}
