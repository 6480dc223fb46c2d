import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionFile } from './session-file.ts';
import type { KeptSession } from './sessions.ts';

const ROW: readonly [string, KeptSession] = [
  'a'.repeat(64),
  { kind: 'browser', tokenId: 't1', createdAt: 1_000, usedAt: 2_000 },
];

let folder: string;
let said: string[];
const open = (instance = 'here') => new SessionFile({ folder, instance, tell: (message) => void said.push(message) });
const path = () => join(folder, 'sessions.json');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-sessions-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the file of sessions', () => {
  it('gives back what was written, to the same instance alone, and is for its owner', async () => {
    expect(open().read()).toEqual([]);
    await open().write([ROW]);
    expect([open().read(), open('elsewhere').read(), said]).toEqual([[ROW], [], []]);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"version":1,"sess'],
    ['no sessions', '{"version":1,"sessions":[["x",{}]]}'],
    [
      'a session without its times',
      `{"version":1,"sessions":[["${'a'.repeat(64)}",{"kind":"browser","tokenId":"t"}]]}`,
    ],
    ['another version', '{"version":2}'],
    ['null', 'null'],
    ['too much', ' '.repeat(2_000_000)],
  ])('holds nobody when it holds %s, which is said in one line that quotes nothing of it', async (_, content) => {
    writeFileSync(path(), content);
    expect(open().read()).toEqual([]);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(path());
    expect(said[0]).not.toMatch(/["\n]/);
    await open().write([ROW]);
    expect(open().read()).toEqual([ROW]);
  });
});
