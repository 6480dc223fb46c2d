import type { PanelSpec } from './panel-spec.ts';

/** Somebody wants something done with a panel. Bubbles, and leaves shadow roots. */
export class TelltalePanelEvent extends Event {
  readonly spec: PanelSpec;

  constructor(type: 'telltale-pin' | 'telltale-embed', spec: PanelSpec) {
    super(type, { bubbles: true, composed: true });
    this.spec = spec;
  }
}

declare global {
  interface HTMLElementEventMap {
    /** Onto the board, or off it when it is there. */
    'telltale-pin': TelltalePanelEvent;
    'telltale-embed': TelltalePanelEvent;
  }
}
