import { parseDuration } from '@telltale/shared';
import { isLive, pageWindow, type Span } from '../client/index.ts';
import { problemOf } from '../elements/time-range/span-problem.ts';

/** What the dashboard shows unless its address says otherwise. */
const DASHBOARD_SPAN = { lastMs: 900_000 };

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** In the largest unit that needs no fraction; a day is `24h`, as everybody says. */
function formatLength(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms % each === 0 && (ms > each || each < 86_400_000)) ?? ['s', 1_000];
  return `${Math.round(ms / size)}${unit}`;
}

/** The part of an address after `#`: what a link or a reload shows again. Empty for what is shown anyway. */
export function toHash(span: Span): string {
  if (!isLive(span)) {
    const [from, to] = [span.from, span.to].map((at) => new Date(at).toISOString().replace('.000Z', 'Z'));
    return `#from=${from}&to=${to}`;
  }
  return span.lastMs === DASHBOARD_SPAN.lastMs ? '' : `#last=${formatLength(span.lastMs)}`;
}

/** What an address asks for; what makes no sense is as good as nothing. */
export function fromHash(hash: string): Span {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const [from, to] = [asked.get('from'), asked.get('to')].map((text) => Date.parse(text ?? ''));
  const span = asked.has('last')
    ? { lastMs: parseDuration(asked.get('last') ?? '') ?? Number.NaN }
    : { from: from ?? Number.NaN, to: to ?? Number.NaN };
  return problemOf(span) === null ? span : DASHBOARD_SPAN;
}

/**
 * Keeps what the charts of the page show in its address, and shows what the address says: reload, link and "back" lead to
 * the same. The answer ends that.
 */
export function followAddress(): () => void {
  const read = () => pageWindow.show(fromHash(location.hash));
  const write = () => {
    const hash = toHash(pageWindow.span);
    if (hash !== location.hash) history.pushState(null, '', hash || location.pathname + location.search);
  };
  read();
  const unsubscribe = pageWindow.subscribe(write);
  addEventListener('hashchange', read);
  return () => {
    unsubscribe();
    removeEventListener('hashchange', read);
  };
}
