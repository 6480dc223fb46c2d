import { css, html, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Needs } from '../../client/index.ts';
import { TelltaleElement } from '../../elements/base/telltale-element.ts';
import { theme } from '../../elements/base/theme.ts';
import { momentsOf } from '../moments.ts';
import { download, fileName, toCsv } from './export.ts';
import type { MenuItem, TelltaleMenuButton } from './menu-button.ts';
import { TelltalePanelEvent } from './panel-events.ts';
import { seriesIn } from './panel-parts.ts';
import { keyOf, type PanelSpec } from './panel-spec.ts';
import { hasPicture, toPicture } from './picture.ts';

/** As many rows as a server answers at once. */
const POINTS = 2_000;
/** How long it is said what has become of a file. */
const SAID_MS = 8_000;

/**
 * What can be done with a panel: pin it to the board, embed it, save what it shows.
 *
 * @element telltale-panel-menu
 * @attr pinned - Whether the panel is on the board.
 * @fires telltale-pin - Onto the board, or off it when it is there.
 * @fires telltale-embed - Somebody wants it in a page of theirs.
 */
export class TelltalePanelMenu extends TelltaleElement {
  static override styles = [
    theme,
    css`
      :host {
        display: inline-block;
        position: relative;
      }
      p {
        background: var(--_paper);
        border: 1px solid var(--_rule);
        border-radius: 4px;
        font-size: 12px;
        margin: 4px 0 0;
        max-width: 240px;
        overflow-wrap: anywhere;
        padding: 4px 8px;
        position: absolute;
        right: 0;
        top: 100%;
        width: max-content;
        z-index: 2;
      }
      .wrong {
        border-color: var(--_alarm);
        color: var(--_alarm);
      }
      p:empty {
        border: 0;
        padding: 0;
      }
    `,
  ];

  @query('telltale-menu-button') private readonly button!: TelltaleMenuButton;
  @property({ attribute: false }) spec: PanelSpec | null = null;
  @property({ type: Boolean }) pinned = false;
  /** What is looked at for a picture and a table: the element beside the menu, unless told otherwise. */
  @property({ attribute: false }) panel: () => HTMLElement | null = () => this.parentElement;
  @state() private said = '';
  @state() private wrong = '';
  #hush: ReturnType<typeof setTimeout> | undefined;

  override needs(): Needs {
    return { metrics: [], series: [] };
  }

  /** Nothing of it changes with the numbers. */
  override takeNews(): boolean {
    return true;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#hush);
  }

  override focus(): void {
    this.button?.focus();
  }

  override render(): TemplateResult {
    return html`
      <telltale-menu-button label="${this.#name}: more" .items=${this.#items}></telltale-menu-button>
      <p role="status">${this.said}</p>
      ${this.wrong === '' ? '' : html`<p role="alert" class="wrong">${this.wrong}</p>`}
    `;
  }

  get #name(): string {
    return this.spec?.heading || (this.spec ? keyOf(this.spec) : 'Panel');
  }

  readonly #items = (): MenuItem[] => {
    const { spec } = this;
    const panel = this.panel();
    if (!spec || !panel) return [];
    this.#say('', '');
    const noPicture = hasPicture(panel) ? null : 'There is no chart to be seen here';
    const noTable = seriesIn(panel).length > 0 ? null : 'There are no series over time here';
    return [
      {
        title: this.pinned ? 'Unpin from board' : 'Pin to board',
        run: () => void this.dispatchEvent(new TelltalePanelEvent('telltale-pin', spec)),
      },
      { title: 'Embed', run: () => void this.dispatchEvent(new TelltalePanelEvent('telltale-embed', spec)) },
      { title: 'Save picture', not: noPicture, run: () => void this.#save('png', () => this.#picture(panel)) },
      { title: 'Save CSV', not: noTable, run: () => void this.#save('csv', () => this.#table(panel)) },
    ];
  };

  async #save(extension: 'csv' | 'png', make: () => Promise<Blob>): Promise<void> {
    const { source } = this.data;
    if (!source) return;
    const name = fileName(source.host?.name ?? null, this.#name, source.edges.from, extension);
    try {
      download(name, await make());
      this.#say(`Saved ${name}`, '');
    } catch (error) {
      this.#say('', `Could not be saved: ${error instanceof Error ? error.message : error}`);
    }
  }

  #say(said: string, wrong: string): void {
    this.said = said;
    this.wrong = wrong;
    clearTimeout(this.#hush);
    if (said || wrong) this.#hush = setTimeout(() => this.#say('', ''), SAID_MS);
  }

  async #picture(panel: HTMLElement): Promise<Blob> {
    const { source } = this.data;
    const host = source?.host?.name ?? 'Unnamed machine';
    return toPicture(panel, { heading: this.#name, host, span: source ? momentsOf(source) : '' });
  }

  /** By way of the source, which knows the token, and answers for recordings as well. */
  async #table(panel: HTMLElement): Promise<Blob> {
    const { source } = this.data;
    if (!source) throw new Error('there is no server');
    const { from, to } = source.edges;
    const range = { from: Math.floor(from), to: Math.ceil(to) };
    const history = await source.ask({ series: seriesIn(panel), ...range, points: POINTS });
    return new Blob([toCsv(history)], { type: 'text/csv' });
  }
}
