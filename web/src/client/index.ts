export { type Choice, type ConnectOptions, connect, type Stream, StreamRefused } from './connect.ts';
export type { ConnectionState, ConnectionStatus } from './connection.ts';
export type { Points } from './series-ring.ts';
export { type Needs, Source } from './source.ts';
export { acquireSource, toBase } from './sources.ts';
export { WINDOW_MS } from './store.ts';
export type { World } from './world.ts';
