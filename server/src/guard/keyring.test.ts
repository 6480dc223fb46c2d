import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { readAdminToken } from './admin-token.ts';
import { Keyring } from './keyring.ts';
import { isDigest, newSecret, readTokens } from './token.ts';
import { createToken, listTokens, revokeToken, type Wish } from './token-commands.ts';
import { changeTokens, tokenPath, tokensIn } from './token-folder.ts';

const WISH: Wish = { name: null, scope: 'read', metrics: null, origins: [], expires: null };

let folder: string;
let clock: FakeClock;
let troubles: string[];
const open = (adminFile = '') =>
  new Keyring({ folder, adminFile, clock, onTrouble: (message) => void troubles.push(message) });
const make = (wish: Partial<Wish> = {}) => createToken(folder, { ...WISH, ...wish }, clock.now()).secret;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-keyring-'));
  // Files have the time of the real clock.
  clock = new FakeClock(Date.now());
  troubles = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('S7, S8: a running server', () => {
  it('knows a token that was made this moment, and none that was revoked a quarter of a second ago', async () => {
    const keyring = open();
    keyring.load();
    await keyring.refresh();
    const secret = make({ name: 'a' });
    expect((await keyring.identify(secret))?.name).toBe('a');
    revokeToken(folder, 'a', clock.now());
    clock.advance(250);
    expect(await keyring.identify(secret)).toBeNull();
  });

  it('does not know one that is over, and does not look at the disk to know that', async () => {
    const secret = make({ name: 'a', expires: 1_000 });
    const keyring = open();
    const token = await keyring.identify(secret);
    expect(token?.name).toBe('a');
    clock.advance(1_000);
    expect(keyring.byId(token?.id ?? '')).toBeNull();
    expect(await keyring.identify(secret)).toBeNull();
    expect(listTokens(folder, clock.now())).toContain('(ended)');
  });

  it.each(['', '{', '[]', '{"tokens":{}}', '{"tokens":[{"id":"x"}]}', '{"tokens":[null]}'])(
    'lets nobody in by a file that holds %j, and says so; nor does it start with one',
    async (text) => {
      const secret = make();
      const keyring = open();
      keyring.load();
      writeFileSync(tokenPath(folder), text);
      clock.advance(250);
      expect(await keyring.identify(secret)).toBeNull();
      expect(troubles[0]).toContain(tokenPath(folder));
      expect(() => open().load()).toThrow(tokenPath(folder));
    },
  );

  it('lets nobody in when the file is gone', async () => {
    const secret = make();
    const keyring = open();
    keyring.load();
    rmSync(tokenPath(folder));
    clock.advance(250);
    expect(await keyring.identify(secret)).toBeNull();
    expect(troubles).toEqual([]);
  });

  it('answers preflights for the pages of embed tokens, and for those alone', async () => {
    make();
    const args = { scope: 'embed', origins: ['https://a.example'], name: 'page' } as const;
    make(args);
    const keyring = open();
    await keyring.refresh();
    expect([...keyring.origins]).toEqual(['https://a.example']);
  });

  it('takes an admin from a file, and another one when that changes', async () => {
    const file = join(folder, 'admin');
    const [one, two] = [newSecret(), newSecret()];
    writeFileSync(file, `${one}\n`, { mode: 0o600 });
    const keyring = open(file);
    keyring.load();
    expect((await keyring.identify(one))?.scope).toBe('admin');
    writeFileSync(file, `${two} \n`);
    clock.advance(250);
    expect(await keyring.identify(one)).toBeNull();
    expect((await keyring.identify(two))?.scope).toBe('admin');
  });
});

describe('the file of an admin', () => {
  it.each([
    '',
    'short',
    'two words that are long enough',
    'äääääääääääääääääääääääää',
    'line\nline-that-is-long-enough',
  ])('may not hold %j', (text) => {
    const file = join(folder, 'admin');
    writeFileSync(file, text);
    expect(() => readAdminToken(file)).toThrow(file);
  });

  it('should be its owner’s alone', () => {
    const file = join(folder, 'admin');
    writeFileSync(file, newSecret(), { mode: 0o600 });
    expect(readAdminToken(file).warning).toBeNull();
    writeFileSync(`${file}2`, newSecret(), { mode: 0o644 });
    expect(readAdminToken(`${file}2`).warning).toContain('chmod 600');
  });
});

describe('the file of tokens', () => {
  it('is replaced as a whole, by one at a time, for its owner alone', () => {
    make({ name: 'a' });
    expect(statSync(tokenPath(folder)).mode & 0o777).toBe(0o600);
    expect(() =>
      changeTokens(folder, clock.now(), (tokens) => {
        // Somebody else, at this very moment.
        expect(() => make({ name: 'b' })).toThrow('try again');
        return tokens;
      }),
    ).not.toThrow();
    expect(() =>
      changeTokens(folder, clock.now(), () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(tokensIn(folder).map(({ name }) => name)).toEqual(['a']);
    make({ name: 'b' });
    expect(tokensIn(folder).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is written by the next when a writer crashed', () => {
    writeFileSync(`${tokenPath(folder)}.new`, 'half');
    expect(() => make()).toThrow('try again');
    clock.advance(11_000);
    make({ name: 'a' });
    expect(readTokens(`{"tokens":${JSON.stringify(tokensIn(folder))}}`)).toHaveLength(1);
  });
});

it.each([
  ['', false],
  ['ff', false],
  ['zz'.repeat(32), false],
  ['00'.repeat(32), false],
  ['11'.repeat(32), true],
])('S7: digests of other lengths are others, and nothing is thrown: %s', (hex, same) => {
  expect(isDigest(Buffer.alloc(32, 0x11), hex)).toBe(same);
});
