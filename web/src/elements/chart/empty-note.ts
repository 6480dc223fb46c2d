import type { Series } from '@telltale/shared';
import { isLive } from '../../client/index.ts';
import { STATE_WORDS } from '../base/connection-words.ts';
import { historyNote } from '../base/moment.ts';
import type { SourceController } from '../base/source-controller.ts';

/** Why a chart shows nothing. */
export function emptyNote({ source, status }: SourceController, asked: readonly Series[]): string {
  const live = !source || isLive(source.span);
  if (source?.history.state === 'loading') return 'Loading history';
  if (!live) return source.history.state === 'failed' ? historyNote(source, 1) : 'Nothing was recorded then';
  if (status.state === 'closed' || status.state === 'retrying') {
    return `No data: ${status.detail ?? STATE_WORDS[status.state].toLowerCase()}`;
  }
  if (asked.every(({ metric }) => source?.lacks(metric))) return 'Not told by this machine';
  return 'Waiting for the first samples';
}
