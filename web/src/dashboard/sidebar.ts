import { css, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { type Needs, pageWindow } from '../client/index.ts';
import { TelltaleElement } from '../elements/base/telltale-element.ts';
import { theme } from '../elements/base/theme.ts';
import { toHash } from './address.ts';
import { SECTIONS } from './panels/sections.ts';
import { glanceOf, isMissing } from './summary/glance.ts';
import { FIRST_SCREEN, type View } from './view.ts';

/**
 * The way to every section, with a small live value each. On a small screen it is a strip above the page.
 *
 * @element telltale-sidebar
 * @csspart nav - The whole.
 */
export class TelltaleSidebar extends TelltaleElement {
  static override styles = [
    theme,
    css`
      ul {
        display: flex;
        flex-direction: column;
        gap: 1px;
        list-style: none;
        margin: 0;
        padding: 0;
      }
      a {
        border-radius: 5px;
        color: inherit;
        display: flex;
        font-size: 13px;
        gap: 10px;
        justify-content: space-between;
        padding: 5px 10px;
        text-decoration: none;
        white-space: nowrap;
      }
      a:hover {
        background: color-mix(in oklab, var(--_rule) 45%, transparent);
      }
      a:focus-visible {
        outline: 2px solid var(--_series-1);
        outline-offset: -2px;
      }
      [aria-current='page'] {
        background: var(--_rule);
        font-weight: 600;
      }
      .glance {
        color: var(--_muted);
        font-size: 12px;
        font-weight: 400;
      }
      .stale {
        font-style: italic;
      }
      @media (forced-colors: active) {
        [aria-current='page'] {
          background: Highlight;
          color: HighlightText;
          forced-color-adjust: none;
        }
      }
      @media (max-width: 900px) {
        nav {
          overflow-x: auto;
          scrollbar-width: thin;
        }
        ul {
          flex-direction: row;
          padding-bottom: 4px;
        }
        a {
          gap: 6px;
        }
      }
    `,
  ];

  @property({ attribute: false }) view: View | null = null;
  #ends: (() => void)[] = [];
  /** The section whose link has been brought into sight. */
  #sighted = '';

  override connectedCallback(): void {
    super.connectedCallback();
    const update = () => this.requestUpdate();
    // The window is part of where a link leads.
    this.#ends = [pageWindow.subscribe(update)];
    if (this.view) this.#ends.push(this.view.subscribe(update));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  override needs(): Needs {
    return { metrics: ['cpu', 'memory', 'disk', 'filesystem', 'network', 'sensor', 'gpu', 'self'], series: [] };
  }

  override updated(): void {
    const { section = '' } = this.view?.state ?? {};
    if (section === this.#sighted) return;
    this.#sighted = section;
    const link = this.renderRoot.querySelector('[aria-current=page]')?.getBoundingClientRect();
    const strip = this.renderRoot.querySelector('nav');
    if (!link || !strip) return;
    // Within its strip alone: the page stays where it is.
    const { left, width } = strip.getBoundingClientRect();
    strip.scrollLeft += link.left + link.width / 2 - (left + width / 2);
  }

  override render(): TemplateResult {
    const { source } = this.data;
    const sections = SECTIONS.filter(({ metric }) => !isMissing(source, metric));
    return html`<nav part="nav" aria-label="Sections">
      <ul>
        ${this.#linkTemplate('', 'Overview', '')}
        ${sections.map(({ id, title, metric }) => this.#linkTemplate(id, title, glanceOf(source, metric)))}
        ${this.#linkTemplate('board', 'My board', '')}
      </ul>
    </nav>`;
  }

  #linkTemplate(section: string, title: string, glance: string): TemplateResult {
    const { view } = this;
    const current = view?.state.section === section;
    const show = (event: MouseEvent) => {
      // A new tab is the browser's to open.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      view?.show({ section, board: null });
    };
    return html`<li>
      <a
        href=${toHash(pageWindow.span, { ...FIRST_SCREEN, section }) || '#'}
        aria-current=${current ? 'page' : 'false'}
        @click=${show}
        >${title}<span class="glance ${this.data.stale ? 'stale' : ''}">${glance}</span></a
      >
    </li>`;
  }
}
