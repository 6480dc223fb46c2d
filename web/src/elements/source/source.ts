import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { SOURCE_CHANGE } from '../base/source-controller.ts';

/**
 * Gives one server to every element inside it that names none of its own.
 *
 * @element telltale-source
 * @attr src - The server, as a URL. Defaults to where this module was loaded from.
 * @attr token - An embed token, where the server asks for one.
 * @slot - The elements.
 */
export class TelltaleSource extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  @property() src: string | null = null;
  @property() token: string | null = null;

  override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  /** Elements inside it hold on to it: what changed reaches them without a way down through the tree. */
  override updated(changed: PropertyValues<this>): void {
    if (changed.has('src') || changed.has('token')) this.dispatchEvent(new Event(SOURCE_CHANGE));
  }
}
