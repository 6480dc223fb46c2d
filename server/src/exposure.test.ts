import { describe, expect, it } from 'vitest';
import { type Config, readCommand } from './config.ts';
import { type Circumstances, exposureOf } from './exposure.ts';
import type { Token } from './guard/token.ts';

const TOKEN: Token = {
  ...{ id: 'a', name: 'a', scope: 'read', digest: '0'.repeat(64), metrics: null, origins: [], createdAt: 0 },
  expiresAt: null,
};

function exposure(args: readonly string[], circumstances: Partial<Circumstances> = {}) {
  const command = readCommand({ args, env: {}, readFile: () => '' });
  const config = (command as { config: Config }).config;
  return exposureOf(config, { isRoot: false, tokens: [], problems: [], ...circumstances });
}

const FAR = ['0.0.0.0', '::', '[::]', '::ffff:0.0.0.0', '0', '192.168.1.5', 'nas.local', '127.0.0.1.example.org'];

describe('S1: serving beyond this machine', () => {
  it.each(FAR)('at %s is refused without a token, in one line that says what to do', (host) => {
    const { mode, refusals } = exposure(['--host', host]);
    expect(mode).toBe('tokens');
    expect(refusals).toHaveLength(1);
    for (const way of ['telltale token create', '--token-file', '--insecure-no-auth'])
      expect(refusals[0]).toContain(way);
    expect(refusals[0]).not.toContain('\n');
  });

  it.each(FAR)('at %s is done with a token, and asks for it', (host) => {
    expect(exposure(['--host', host], { tokens: [TOKEN] })).toMatchObject({ mode: 'tokens', refusals: [] });
  });

  it('is done without where that is said, and warned about', () => {
    const { mode, refusals, warnings } = exposure(['--host', '0.0.0.0', '--insecure-no-auth']);
    expect({ mode, refusals }).toEqual({ mode: 'insecure', refusals: [] });
    expect(warnings[0]).toMatch(/^INSECURE: everybody/);
  });

  it('is refused to root unless that is meant too', () => {
    const args = ['--host', '0.0.0.0', '--insecure-no-auth'];
    expect(exposure(args, { isRoot: true }).refusals).toEqual([expect.stringContaining('--allow-root')]);
    expect(exposure([...args, '--allow-root'], { isRoot: true }).refusals).toEqual([]);
  });

  it('is refused where the tokens cannot be read', () => {
    const { refusals } = exposure(['--host', '0.0.0.0'], { problems: ['tokens.json: half of it is missing'] });
    expect(refusals).toEqual(['tokens.json: half of it is missing']);
  });
});

describe('serving this machine alone', () => {
  it.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1', '[::1]'])(
    'at %s asks for nothing, of root neither',
    (host) => {
      expect(exposure(['--host', host], { isRoot: true })).toEqual({ mode: 'open', refusals: [], warnings: [] });
    },
  );

  it('asks for a token where one is named', () => {
    const withFile = exposure(['--token-file', '/run/token', '--insecure-no-auth'], { tokens: [TOKEN] });
    expect(withFile).toMatchObject({ mode: 'tokens', refusals: [] });
    const unreadable = exposure(['--token-file', '/run/token'], { problems: ['--token-file: it is not there'] });
    expect(unreadable.refusals).toEqual(['--token-file: it is not there']);
  });

  it('asks for one where a proxy says who asks', () => {
    const args = ['--trusted-proxy', '127.0.0.1'];
    expect(exposure(args)).toMatchObject({ mode: 'open', warnings: [expect.stringContaining('the proxy lets in')] });
    expect(exposure([...args, '--trusted-proxy-user-header', 'X-User'])).toMatchObject({
      mode: 'tokens',
      refusals: [],
    });
  });
});
