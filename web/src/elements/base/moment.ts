import { formatDuration } from '@telltale/shared';
import { isLive, lengthOf, type Source, type Span } from '../../client/index.ts';

const DAY_MS = 86_400_000;

/** Made once each, since making one costs more than all that it writes. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment as the user's system writes it, with the date where it is not plain, and seconds where they matter. */
export function formatMoment(at: number, dated: boolean, seconds = false): string {
  const key = `${dated} ${seconds}`;
  let format = formats.get(key);
  if (!format) {
    const date: Intl.DateTimeFormatOptions = dated ? { day: 'numeric', month: 'short' } : {};
    const fine: Intl.DateTimeFormatOptions = seconds ? { second: '2-digit' } : {};
    format = new Intl.DateTimeFormat(undefined, { ...date, hour: '2-digit', minute: '2-digit', ...fine });
    formats.set(key, format);
  }
  return format.format(at);
}

/** Whether moments of a span need their date to be told apart. */
export const isDated = (span: Span): boolean => !isLive(span) || lengthOf(span) >= DAY_MS;

/** What is shown, in words: `last 15 min`, or the two moments. */
export function formatSpan(span: Span): string {
  if (isLive(span)) return `last ${formatDuration(span.lastMs)}`;
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return format.formatRange(span.from, span.to);
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
  const dated = Date.now() - recordedFrom > DAY_MS / 2;
  return `History starts ${dated ? '' : 'at '}${formatMoment(recordedFrom, dated)}`;
}
