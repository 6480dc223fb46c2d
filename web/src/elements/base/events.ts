import type { Span } from '../../client/index.ts';

/** Somebody chose by hand what the charts of the page show. Bubbles, and leaves shadow roots. */
export class TelltaleSpanEvent extends Event {
  readonly span: Span;

  constructor(span: Span) {
    super('telltale-span', { bubbles: true, composed: true });
    this.span = span;
  }
}

/** Somebody points at an instant, epoch ms, or at none any more. Bubbles, and leaves shadow roots. */
export class TelltalePointEvent extends Event {
  readonly at: number | null;

  constructor(at: number | null) {
    super('telltale-point', { bubbles: true, composed: true });
    this.at = at;
  }
}

declare global {
  interface HTMLElementEventMap {
    'telltale-span': TelltaleSpanEvent;
    'telltale-point': TelltalePointEvent;
  }
}
