import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Needs } from '../../client/index.ts';
import { SourceController, type SourceHost } from './source-controller.ts';

/**
 * What every element has: where its numbers come from.
 *
 * @attr src - The server, as a URL. Defaults to where this module was loaded from.
 * @attr token - An embed token, where the server asks for one.
 */
export abstract class TelltaleElement extends LitElement implements SourceHost {
  protected readonly data = new SourceController(this);

  @property() src: string | null = null;
  @property() token: string | null = null;

  abstract needs(): Needs;

  takeNews(): boolean {
    return false;
  }
}
