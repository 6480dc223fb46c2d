import { parseDuration } from '@telltale/shared';
import { isLive, pageWindow, type Span } from '../client/index.ts';
import { problemOf } from '../elements/time-range/span-problem.ts';
import { FIRST_SCREEN, type View, type ViewState } from './view.ts';

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

function spanFacts(span: Span): string[] {
  if (isLive(span)) return span.lastMs === DASHBOARD_SPAN.lastMs ? [] : [`last=${formatLength(span.lastMs)}`];
  const [from, to] = [span.from, span.to].map((at) => new Date(at).toISOString().replace('.000Z', 'Z'));
  return [`from=${from}`, `to=${to}`];
}

/** The part of an address after `#`: what a link or a reload shows again. Empty for what is shown anyway. */
export function toHash(span: Span, { section, kiosk, board }: ViewState = FIRST_SCREEN, comparing = false): string {
  const facts = [
    ...(section === '' ? [] : [`section=${encodeURIComponent(section)}`]),
    ...spanFacts(span),
    ...(comparing ? ['compare'] : []),
    ...(kiosk ? ['kiosk'] : []),
    ...(board === null ? [] : [`board=${board}`]),
  ];
  return facts.length === 0 ? '' : `#${facts.join('&')}`;
}

/** What an address asks for; what makes no sense is as good as nothing. */
export function fromHash(hash: string): { span: Span; view: ViewState; comparing: boolean } {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const [from, to] = [asked.get('from'), asked.get('to')].map((text) => Date.parse(text ?? ''));
  const span = asked.has('last')
    ? { lastMs: parseDuration(asked.get('last') ?? '') ?? Number.NaN }
    : { from: from ?? Number.NaN, to: to ?? Number.NaN };
  const view = { section: asked.get('section') ?? '', kiosk: asked.has('kiosk'), board: asked.get('board') };
  return { span: problemOf(span) === null ? span : DASHBOARD_SPAN, view, comparing: asked.has('compare') };
}

/**
 * Keeps what a dashboard shows in the address of its page, and shows what the address says: reload, link and "back" lead
 * to the same. The answer ends that.
 */
export function followAddress(view: View): () => void {
  let reading = false;
  const read = () => {
    const asked = fromHash(location.hash);
    reading = true;
    view.show(asked.view);
    pageWindow.show(asked.span);
    pageWindow.compare(asked.comparing);
    reading = false;
  };
  const write = () => {
    if (reading) return;
    const hash = toHash(pageWindow.span, view.state, pageWindow.comparing);
    if (hash !== location.hash) history.pushState(null, '', hash || location.pathname + location.search);
  };
  read();
  const ends = [pageWindow.subscribe(write), view.subscribe(write)];
  addEventListener('hashchange', read);
  return () => {
    for (const end of ends) end();
    removeEventListener('hashchange', read);
  };
}
