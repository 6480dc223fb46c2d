import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { historyContract, START } from '../testing/history-contract.ts';
import { EngineStore } from './engine-store.ts';
import { openEngine } from './open-engine.ts';
import { KEEP_ALL } from './retention.ts';

const root = mkdtempSync(join(tmpdir(), 'telltale-history-'));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
const open = async (folder: string | null) =>
  new EngineStore(openEngine({ folder, retention: KEEP_ALL, pid: 1, now: () => START, tell: () => {} }));

historyContract('in memory', () => open(null));
historyContract('in SQLite', () => open(join(root, String(folders++))));
