import { isLive, LEAST_SPAN_MS, lengthOf, MOST_SPAN_MS, type Span } from '../../client/index.ts';

/** What is wrong with a choice, for a person to read, or `null`. */
export function problemOf(span: Span): string | null {
  const length = lengthOf(span);
  if (Number.isNaN(length)) return isLive(span) ? 'How long?' : 'From when, and until when?';
  if (!isLive(span) && length <= 0) return 'It must begin before it ends';
  if (length < LEAST_SPAN_MS) return 'At least ten seconds';
  return length > MOST_SPAN_MS ? 'At most ten years' : null;
}
