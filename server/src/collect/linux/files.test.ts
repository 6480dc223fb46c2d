import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openHostFiles } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'telltale-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function hostWith(name: string, text: string) {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, name), text);
  return openHostFiles(root, root);
}

describe('the files of a host', () => {
  it('are read anew each time, since a recorded tree may be replaced', () => {
    const files = hostWith('stat', 'one');
    expect(files.proc('stat')).toBe('one');
    hostWith('stat', 'two, and longer');
    expect(files.proc('stat')).toBe('two, and longer');
  });

  it('may be larger than the buffer', () => {
    const text = 'x'.repeat(300_000);
    expect(hostWith('large', text).proc('large')).toBe(text);
  });

  it('that never end do not fill the memory', () => {
    expect(openHostFiles('/dev', '/dev').proc('zero')).toBeInstanceOf(Error);
  });

  it('say why they cannot be read', () => {
    const files = hostWith('stat', '');
    expect(String(files.proc('nothing'))).toMatch(/nothing does not exist$/);
    expect(String(files.proc('.'))).toMatch(/is a directory$/);
    expect(files.sysLink('stat')).toBeInstanceOf(Error);
  });

  it('of /proc itself are held open and closed at the end', () => {
    const files = openHostFiles('/proc', '/sys');
    expect(files.proc('self/comm')).toBe(files.proc('self/comm'));
    files.close();
  });
});
