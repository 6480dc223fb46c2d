import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'telltale-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a folder', () => {
  it('is made with those that it lies in, for its owner alone, and left as it is where it is there', () => {
    const path = join(root, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect([modeOf(path), modeOf(join(root, 'a'))]).toEqual([0o700, 0o700]);
  });

  it.each(['file', join('file', 'below')])('is not made where something else is: %s', (name) => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, name))).toThrow(/E(EXIST|NOTDIR)/);
  });

  it.runIf(existsSync('/proc/self'))('is refused, and does not wait for ever, where the kernel takes none', () => {
    expect(() => makeFolder('/proc/telltale/data')).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
