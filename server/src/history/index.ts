export type { HistoryEngine } from './engine.ts';
export { EngineStore } from './engine-store.ts';
export { openEngine } from './open-engine.ts';
export { KEEP_ALL } from './retention.ts';
export type { HistoryStore } from './store.ts';
