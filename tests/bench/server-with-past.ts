import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEEP_ALL, openEngine } from '@telltale/server/history';
import { startServer } from '../support/server.ts';
import { readShape, ticksOf } from './history-shapes.ts';

const MINUTES = 15;

/** Writes the last minutes of a loaded machine into a folder. */
function fill(folder: string): void {
  const engine = openEngine({ folder, retention: KEEP_ALL, pid: process.pid, now: Date.now, tell: console.error });
  const seconds = MINUTES * 60;
  const start = Math.floor(Date.now() / 1_000 - seconds) * 1_000;
  for (const tick of ticksOf(readShape('loaded'), start, 0, seconds)) engine.write(tick);
  engine.flush();
  engine.close();
}

/** A server with as much of a past as its dashboard shows at first. */
export async function startWithPast(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  fill(folder);
  const server = await startServer('--data', folder);
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}
