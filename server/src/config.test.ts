import { describe, expect, it } from 'vitest';
import { type Config, type ConfigSources, defaultFolder, readCommand } from './config.ts';
import { ExitError } from './errors.ts';
import { parseRetention, type Retention } from './history/retention.ts';
import { helpText, OPTIONS } from './options.ts';

const FILE = '/etc/telltale.json';

function command(args: readonly string[], more: Partial<ConfigSources> = {}, file?: string) {
  const readFile = (path: string) => {
    if (file === undefined || path !== FILE) throw new Error(`${path} does not exist`);
    return file;
  };
  return readCommand({ args, env: {}, readFile, ...more });
}
function config(...given: Parameters<typeof command>): Config {
  const read = command(...given);
  if (read.run !== 'serve') throw new Error(`would not serve but ${read.run}`);
  return read.config;
}
function refusal(...given: Parameters<typeof command>): ExitError {
  try {
    command(...given);
  } catch (error) {
    if (error instanceof ExitError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(config([])).toEqual({
      'tls-cert': '',
      'tls-key': '',
      host: '127.0.0.1',
      port: 7411,
      data: 'none',
      retention: parseRetention(''),
      interval: 1_000,
      'proc-root': '/proc',
      'sys-root': '/sys',
      provider: 'auto',
      'allow-host': [],
      'allow-origin': [],
      'trusted-proxy': [],
      'trusted-proxy-user-header': '',
      'token-file': '',
      'host-name': '',
      'base-path': '/',
      'max-subscribers': 512,
      'max-subscribers-per-address': 64,
      'insecure-no-auth': false,
      'allow-root': false,
      'process-arguments': false,
      open: false,
      'log-level': 'info',
    });
  });

  it.each<[string[], Partial<Config>]>([
    [['--port', '0'], { port: 0 }],
    [['--port=8080'], { port: 8_080 }],
    [['--port', '1', '--port', '2'], { port: 2 }],
    [['--interval', '100ms'], { interval: 100 }],
    [['--open'], { open: true }],
    [['--open=false'], { open: false }],
    [['--open', '--port', '5'], { open: true, port: 5 }],
    [['--allow-host', 'nas, nas.local,'], { 'allow-host': ['nas', 'nas.local'] }],
    [
      ['--allow-origin', 'https://a.example,http://b.example:81'],
      { 'allow-origin': ['https://a.example', 'http://b.example:81'] },
    ],
    [['--base-path', '/tell/tale'], { 'base-path': '/tell/tale/' }],
    [['--base-path=/x/'], { 'base-path': '/x/' }],
    [['--data', '/var/lib/a=b'], { data: '/var/lib/a=b' }],
    [['--data', 'none'], { data: 'none' }],
    [['--retention', 'raw=1d,bytes=2MiB'], { retention: parseRetention('raw=1d,bytes=2MiB') as Retention }],
    [['--host', '::1'], { host: '::1' }],
  ])('reads %j', (args, expected) => expect(config(args)).toMatchObject(expected));

  it('takes a flag before the environment before the file', () => {
    const file = JSON.stringify({ port: 1, 'log-level': 'warn', interval: '5s', 'allow-host': ['a', 'b'], open: true });
    const env = { TELLTALE_PORT: '2', TELLTALE_LOG_LEVEL: 'error', TELLTALE_CONFIG: FILE };
    expect(config(['--port', '3'], { env }, file)).toMatchObject({
      port: 3,
      'log-level': 'error',
      interval: 5_000,
      'allow-host': ['a', 'b'],
      open: true,
    });
    expect(config(['--config', FILE], {}, file).port).toBe(1);
  });

  it('answers help and version before it looks at anything else', () => {
    expect(command(['--help'])).toEqual({ run: 'help' });
    expect(command(['--version', '--config', '/nowhere'])).toEqual({ run: 'version' });
  });
});

describe('bad usage', () => {
  it.each<[string[], string]>([
    [['serve'], '"serve" is not an option or a command'],
    [['-p', '5'], '"-p" is not an option'],
    [['--prot', '5'], '--prot is not an option'],
    [['--constructor'], '--constructor is not an option'],
    [['--port'], '--port needs a value'],
    [['--port', ''], '--port: a whole number from 0 to 65535 is needed'],
    [['--port', '65536'], '--port: a whole number'],
    [['--port', '-1'], '--port: a whole number'],
    [['--port', '80x'], '--port: a whole number'],
    [['--port', '1e3'], '--port: a whole number'],
    [['--port', '٨٠'], '--port: a whole number'],
    [['--interval', '3s'], '--interval: one of 100ms, 200ms'],
    [['--provider', 'windows'], '--provider: one of auto, linux, portable is needed'],
    [['--provider', 'portable', '--proc-root', '/tmp/proc'], '--provider portable tells of this machine alone'],
    [['--sys-root', '/tmp/sys', '--provider=portable'], '--provider portable tells of this machine alone'],
    [['--log-level', 'loud'], '--log-level: one of debug'],
    [['--open=perhaps'], '--open: true or false is needed'],
    [['--host', ''], '--host: an address is needed'],
    [['--trusted-proxy', 'nas.local'], '--trusted-proxy: "nas.local" is not an address or a network'],
    [['--trusted-proxy', '10.0.0.0/33'], 'is not an address or a network'],
    [['--trusted-proxy-user-header', 'X-User'], '--trusted-proxy-user-header needs --trusted-proxy'],
    [['--base-path', 'x'], '--base-path: a path like /telltale is needed'],
    [['--base-path', '/a/../b?'], '--base-path: a path'],
    [['--base-path', '//'], '--base-path: a path'],
    [['--allow-origin', 'example.org'], 'is not an origin like https://example.org'],
    [['--allow-origin', 'https://example.org/'], 'is not an origin'],
    [['--allow-origin', '*'], '"*" is not an origin'],
    [['--allow-origin', 'null'], '"null" is not an origin'],
    [['--max-subscribers', '0'], '--max-subscribers: a whole number from 1'],
    [['--config', '/nowhere'], '--config /nowhere: /nowhere does not exist'],
  ])('%j ends with 2 and says what to do', (args, message) => {
    const error = refusal(args);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(message);
    expect(error.message).toContain('telltale --help');
    expect(error.message).not.toContain('\n');
  });

  it('names the variable that it came from', () => {
    expect(refusal([], { env: { TELLTALE_PORT: 'x' } }).message).toContain('TELLTALE_PORT: a whole number');
  });

  it.each([
    ['not JSON', '{'],
    ['[]', 'a JSON object is needed'],
    ['null', 'a JSON object is needed'],
    ['"port"', 'a JSON object is needed'],
    ['{"prot": 1}', '"prot" is not an option'],
    ['{"__proto__": 1}', '"__proto__" is not an option'],
    ['{"config": "x"}', '"config" is not an option'],
    ['{"port": "x"}', `"port" in ${FILE}: a whole number`],
    ['{"port": 7411.5}', `"port" in ${FILE}: a whole number`],
    ['{"host": null}', `"host" in ${FILE}: text, a number`],
    ['{"host": {"name": "x"}}', `"host" in ${FILE}: text, a number`],
    ['{"allow-host": ["a", {}]}', `"allow-host" in ${FILE}: text, a number`],
  ])('in the file, %s, is named with the file', (file, message) => {
    const error = refusal(['--config', FILE], {}, file);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(FILE);
    if (message !== '{') expect(error.message).toContain(message);
  });
});

describe('the folder of the history', () => {
  it.each([
    [{ XDG_STATE_HOME: '/state', HOME: '/home/a' }, '/state/telltale'],
    [{ XDG_STATE_HOME: 'state', HOME: '/home/a' }, '/home/a/.local/state/telltale'],
    [{ XDG_STATE_HOME: '', HOME: '/home/a' }, '/home/a/.local/state/telltale'],
    [{}, 'none'],
  ])('in %j is %s', (env, folder) => expect(defaultFolder(env)).toBe(folder));
});

describe('the help', () => {
  const text = helpText('1.2.3');

  it.each(Object.keys(OPTIONS))('explains --%s', (name) => expect(text).toMatch(new RegExp(`^  --${name}( |$)`, 'm')));

  it('fits a terminal and names the exit codes', () => {
    expect(text).toContain('telltale 1.2.3');
    for (const code of [0, 2, 69, 70, 78]) expect(text).toContain(` ${code} `);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it.each(Object.entries(OPTIONS))('has a default for --%s that it accepts itself', (_, option) => {
    expect(option.parse(option.fallback ?? 'none')).not.toBeInstanceOf(Error);
  });
});
