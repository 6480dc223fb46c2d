import type { Connected, SessionInfo } from '@telltale/shared';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { formatMoment } from '../elements/base/moment.ts';
import { theme } from '../elements/base/theme.ts';
import { getSession, signOut } from '../sign-in/session.ts';
import { buttonStyle } from './button-style.ts';

/** How often it asks whether it is still signed in; a stream that was ended says so at once. */
const LOOK_MS = 60_000;

/**
 * Says what whoever looks at the page should know of who else can: that anybody may read, that what is sent is not
 * encrypted, as whom one has signed in. Shows nothing where there is nothing to say, and cannot be closed where there is.
 *
 * @element telltale-banner
 */
export class TelltaleBanner extends LitElement {
  static override styles = [
    theme,
    buttonStyle,
    css`
      .base {
        align-items: center;
        border-bottom: 1px solid var(--_rule);
        display: flex;
        flex-wrap: wrap;
        font-size: 13px;
        gap: 4px 16px;
        justify-content: flex-end;
        padding: 6px 20px;
      }
      p {
        margin: 0;
      }
      .warning {
        border-left: 3px solid var(--_signal);
        flex: 1 1 20em;
        padding-left: 10px;
      }
      .alarm {
        border-color: var(--_alarm);
        font-weight: 600;
      }
      .who {
        overflow-wrap: anywhere;
      }
      .here {
        color: var(--_muted);
      }
      summary {
        cursor: pointer;
      }
      ul {
        margin: 4px 0;
        padding-left: 16px;
      }
    `,
  ];

  /** The server's base; without it that of the page. */
  @property() src: string | null = null;
  @state() private session: SessionInfo | null = null;
  #timer = 0;

  get #base(): string {
    return new URL(this.src ?? './', document.baseURI).href;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    this.#timer = window.setInterval(() => void this.#look(), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    // While the server is away what it said last still holds.
    this.session = await getSession(this.#base).catch(() => this.session);
  }

  async #leave(): Promise<void> {
    await signOut(this.#base).catch(() => {});
    location.assign(new URL('sign-in', this.#base));
  }

  override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    const { access, encrypted, scope } = session;
    const isSilent = access === 'open' && encrypted && session.name === null;
    if (isSilent) return nothing;
    return html`<div class="base" role="region" aria-label="Access">
      ${access === 'insecure' ? html`<p class="warning alarm">Anyone who can reach this address can read it.</p>` : nothing}
      ${encrypted ? nothing : html`<p class="warning">Not encrypted: what is sent here can be read on its way.</p>`}
      ${scope === 'none' ? html`<a href=${new URL('sign-in', this.#base).href}>Sign in again</a>` : this.#who(session)}
    </div>`;
  }

  #who({ name, via, connected }: SessionInfo): TemplateResult | typeof nothing {
    if (name === null) return nothing;
    return html`<p class="who">Signed in as <b><bdi>${name}</bdi></b></p>
      ${connected?.length ? readersOf(connected) : nothing}
      ${via === 'session' ? html`<button @click=${() => void this.#leave()}>Sign out</button>` : nothing}`;
  }
}

/** Who reads now, for an admin. Names and addresses are what others chose: text, kept apart from the words around it. */
function readersOf(connected: readonly Connected[]): TemplateResult {
  const line = ({ name, address, since }: Connected) =>
    html`<li><bdi>${name ?? 'without a name'}</bdi>, ${address}, since ${formatMoment(since, false)}</li>`;
  return html`<details class="here">
    <summary>${connected.length} reading now</summary>
    <ul>
      ${connected.map(line)}
    </ul>
  </details>`;
}
