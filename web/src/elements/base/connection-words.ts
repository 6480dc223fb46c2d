import { formatDuration } from '@telltale/shared';
import type { ConnectionState } from '../../client/index.ts';
import type { SourceController } from './source-controller.ts';

export const STATE_WORDS: Record<ConnectionState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  late: 'Late',
  retrying: 'Connection lost',
  paused: 'Paused',
  closed: 'Not connected',
};

/** What there is to add to the word: why, how old the values are, and what happens next. Empty while all is well. */
export function stateDetail({ source, status }: SourceController): string {
  const { state, detail, retryAt } = status;
  const silentMs = source?.silentMs ?? null;
  const old = silentMs === null ? '' : `values are ${formatDuration(silentMs)} old`;
  if (state === 'late') return `nothing new comes; ${old}`;
  if (state === 'closed') return detail ?? '';
  if (state !== 'retrying') return '';
  const seconds = Math.max(0, Math.ceil(((retryAt ?? 0) - Date.now()) / 1_000));
  const next = seconds === 0 ? 'trying again' : `next try in ${seconds} s`;
  return [detail, old, next].filter(Boolean).join('; ');
}
