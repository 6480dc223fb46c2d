export { type Choice, type ConnectOptions, connect, type Stream, StreamRefused } from './connect.ts';
export type { ConnectionState, ConnectionStatus } from './connection.ts';
export type { Fault } from './fault-list.ts';
export type { HistoryStatus } from './history-loader.ts';
export { ownBase } from './own-base.ts';
export { type Choices, DEFAULT_CHOICES, pagePreferences } from './preferences.ts';
export type { Points } from './series-steps.ts';
export { type Needs, Source } from './source.ts';
export { acquireSource, toBase } from './sources.ts';
export {
  type Edges,
  edgesOf,
  isLive,
  LEAST_SPAN_MS,
  lengthOf,
  MOST_SPAN_MS,
  pageWindow,
  type Span,
  sameSpan,
} from './time-window.ts';
export type { World } from './world.ts';
