import { css, html, LitElement, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { theme } from '../../elements/base/theme.ts';
import { buttonStyle } from '../button-style.ts';
import { dialogStyle } from '../dialog-style.ts';
import { type EmbedFile, embedSnippets } from './embed-snippets.ts';

/**
 * Shows how an element of the dashboard is put into a page of somebody else, and what that page and this server must
 * allow.
 *
 * @element telltale-embed-dialog
 */
export class TelltaleEmbedDialog extends LitElement {
  static override styles = [
    theme,
    buttonStyle,
    dialogStyle,
    css`
      dialog {
        max-width: 720px;
        overflow: auto;
        padding: 18px 20px;
      }
      h3 {
        font-size: 13px;
        margin: 16px 0 4px;
      }
      p {
        margin: 0 0 6px;
      }
      pre ~ p {
        margin-top: 10px;
      }
      pre {
        background: color-mix(in oklab, var(--_rule) 40%, transparent);
        border-radius: 4px;
        font-size: 12px;
        margin: 0 0 6px;
        overflow-wrap: anywhere;
        padding: 8px 10px;
        user-select: all;
        white-space: pre-wrap;
      }
      .foot {
        display: flex;
        gap: 12px;
        justify-content: flex-end;
        margin-top: 14px;
      }
    `,
  ];

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @state() private markup = '';
  @state() private base = '';
  @state() private file: EmbedFile | null = null;
  @state() private copied = '';

  /** Shows it for an element, given as its tag and attributes: `telltale-chart series="cpu.load1"`. */
  async show(markup: string, base: string): Promise<void> {
    this.markup = markup;
    this.base = base;
    this.copied = '';
    await this.updateComplete;
    this.dialog.showModal();
    // Without it the name that changes with each version is as good.
    const answer = await fetch(`${base}embed.json`).catch(() => null);
    this.file = answer?.ok ? ((await answer.json()) as EmbedFile) : null;
  }

  override render(): TemplateResult {
    const { script, pinned, frame, policy, flag } = embedSnippets(this.markup, this.base, this.file);
    return html`
      <dialog aria-label="Embed">
        <h2>Embed this in a page of yours</h2>
        <h3>As an element</h3>
        ${this.#snippet(script, 'element')}
        ${
          pinned === null
            ? ''
            : html`<p class="muted">Pinned to this version, so that nothing else is ever run:</p>
                ${this.#snippet(pinned, 'pinned element')}`
        }
        <h3>As a frame</h3>
        ${this.#snippet(frame, 'frame')}
        <h3>What this server must allow</h3>
        <p class="muted">It lets in only the pages that it is told of; for a page of https://example.org it is started with</p>
        ${this.#snippet(flag, 'flag')}
        <h3>What the page must allow</h3>
        <p class="muted">Where it has a content security policy, these parts of it; a frame needs frame-src instead.</p>
        ${this.#snippet(policy, 'policy')}
        <div class="foot">
          <span role="status" class="muted">${this.copied}</span>
          <button @click=${() => this.dialog.close()}>Close</button>
        </div>
      </dialog>
    `;
  }

  #snippet(text: string, name: string): TemplateResult {
    const copy = async () => {
      // Over plain HTTP away from loopback there is no clipboard; a click selects all of it.
      await navigator.clipboard?.writeText(text).then(
        () => {
          this.copied = `Copied the ${name}`;
        },
        () => {},
      );
    };
    return html`<pre tabindex="0" aria-label=${name}>${text}</pre>
      ${navigator.clipboard ? html`<button @click=${copy} aria-label="Copy the ${name}">Copy</button>` : ''}`;
  }
}
