import { formatDuration, momentFormat } from '@telltale/shared';
import { isLive, lengthOf, pagePreferences, type Source, type Span } from '../../client/index.ts';

const DAY_MS = 86_400_000;

/** A moment by the page's clock, with the date where it is not plain, and seconds where they matter. */
export function formatMoment(at: number, dated: boolean, seconds = false): string {
  const date: Intl.DateTimeFormatOptions = dated ? { day: 'numeric', month: 'short' } : {};
  const fine: Intl.DateTimeFormatOptions = seconds ? { second: '2-digit' } : {};
  const parts = { ...date, hour: '2-digit', minute: '2-digit', ...fine } as const;
  return momentFormat(parts, pagePreferences.choices.clock).format(at);
}

/** Whether moments of a span need their date to be told apart. */
export const isDated = (span: Span): boolean => !isLive(span) || lengthOf(span) >= DAY_MS;

/** What is shown, in words: `last 15 min`, or the two moments. */
export function formatSpan(span: Span): string {
  if (isLive(span)) return `last ${formatDuration(span.lastMs)}`;
  const { clock } = pagePreferences.choices;
  const words = momentFormat({ dateStyle: 'medium', timeStyle: 'short' }, clock).formatRange(span.from, span.to);
  return clock.utc ? `${words} UTC` : words;
}

/**
 * What there is to say of the past that is shown: that it could not be had, or where it begins if that is within, by at
 * least this share of the whole. Empty when it is whole.
 */
export function historyNote(source: Source, least: number): string {
  const { history, recordedFrom, edges } = source;
  if (history.state === 'failed') return `History could not be loaded: ${history.detail}`;
  if (history.state === 'loading' || recordedFrom === null) return '';
  if (recordedFrom - edges.from < least * (edges.to - edges.from)) return '';
  // Whoever writes the first moment of a page waits for the data of its language, longer than for a chart: not before that.
  if (source.status.state === 'connecting') return '';
  const dated = Date.now() - recordedFrom > DAY_MS / 2;
  return `History starts ${dated ? '' : 'at '}${formatMoment(recordedFrom, dated)}`;
}
