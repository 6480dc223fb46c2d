export { Connection, type ConnectionOptions, type ConnectionState, type ConnectionStatus } from './connection.ts';
export type { Points } from './series-ring.ts';
export { type Needs, Source } from './source.ts';
export { acquireSource, toBase } from './sources.ts';
export { WINDOW_MS } from './store.ts';
export { browserWorld, type World } from './world.ts';
