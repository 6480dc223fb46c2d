import { momentFormat } from '@telltale/shared';
import { pagePreferences, type Source } from '../client/index.ts';
import { formatSpan } from '../elements/base/moment.ts';

/**
 * Which time is shown, for whoever sees it later and elsewhere: the moments, and not "last 15 min", and whose clock they
 * are of.
 */
export function momentsOf({ edges }: Source): string {
  const { clock } = pagePreferences.choices;
  const words = formatSpan(edges);
  // Of UTC it is said already.
  if (clock.utc) return words;
  const parts = momentFormat({ timeZoneName: 'short' }, clock).formatToParts(edges.to);
  return `${words} ${parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''}`;
}
