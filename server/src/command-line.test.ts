import { describe, expect, it } from 'vitest';
import { type PlayCall, readCommand } from './config.ts';
import { ExitError } from './errors.ts';
import { COMMANDS, helpText } from './options.ts';

const env = { TELLTALE_PROCESS_ARGUMENTS: 'true', TELLTALE_ANONYMOUS: 'true', TELLTALE_CONFIG: '/nowhere' };
const read = (...args: string[]) => readCommand({ args, env, readFile: () => '{' });

function refusal(...args: string[]): ExitError {
  try {
    read(...args);
  } catch (error) {
    if (error instanceof ExitError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a command', () => {
  const defaults = { seconds: 10, anonymous: false, 'process-arguments': false };

  it.each<[string[], object]>([
    [['a'], { operands: ['a'], options: defaults }],
    [['a', '--seconds', '1'], { operands: ['a'], options: { ...defaults, seconds: 1 } }],
    [
      ['--seconds=600', '--anonymous', '/b c'],
      { operands: ['/b c'], options: { ...defaults, seconds: 600, anonymous: true } },
    ],
    [['a', '--process-arguments'], { operands: ['a'], options: { ...defaults, 'process-arguments': true } }],
    [['record'], { operands: ['record'], options: defaults }],
  ])('record %j is read from its flags alone: what a server is configured with is not meant for it', (args, call) => {
    expect(read('record', ...args)).toEqual({ run: 'record', ...call });
  });

  it.each<[string[], string]>([
    [[], 'record needs DIR'],
    [[''], 'record needs DIR'],
    [['a', 'b'], '"b" is not an option'],
    [['a', '-s'], '"-s" is not an option'],
    [['a', '--port', '1'], '--port is not an option'],
    [['a', '--version'], '--version is not an option'],
    [['a', '--seconds'], '--seconds needs a value'],
    [['a', '--seconds', '0'], '--seconds: a whole number from 1 to 600 is needed'],
    [['a', '--seconds', '601'], '--seconds: a whole number'],
    [['a', '--anonymous=perhaps'], '--anonymous: true or false is needed'],
  ])('record %j ends with 2 and says what to do', (args, message) => {
    const error = refusal('record', ...args);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(message);
    expect(error.message).toContain('(see telltale record --help)');
    expect(error.message).not.toContain('\n');
  });

  it('may be called without what is in brackets, and "-" is a word', () => {
    expect(read('export', '--live')).toMatchObject({
      run: 'export',
      operands: [],
      options: { live: true, from: null },
    });
    expect(read('export', '-', '--from', '-15m', '--metrics', 'cpu, disk')).toMatchObject({
      operands: ['-'],
      options: { live: false, url: 'http://127.0.0.1:7411/', metrics: ['cpu', 'disk'], interval: null, for: null },
    });
    expect(refusal('export', 'a', 'b').message).toContain('"b" is not an option');
  });

  it('play is served with its flags and the defaults of the rest, and listens where it is told', () => {
    const { config, ...call } = read('play', 'a.gz', '--speed', '2.5', '--port=0', '--at', '90s') as PlayCall;
    expect(call).toMatchObject({ run: 'play', operands: ['a.gz'], options: { speed: 2.5, at: { offset: 90_000 } } });
    expect(config).toMatchObject({ port: 0, host: '127.0.0.1', 'process-arguments': false, 'max-subscribers': 512 });
    const exposed = ['a', '--host', '0.0.0.0', '--insecure-no-auth'];
    expect(read('play', ...exposed)).toMatchObject({ run: 'play', config: { host: '0.0.0.0', data: 'none' } });
  });

  it.each([
    ['1700000000000', { at: 1_700_000_000_000 }],
    ['2026-01-02T03:04:05Z', { at: Date.UTC(2026, 0, 2, 3, 4, 5) }],
    ['2h', { offset: 7_200_000 }],
  ])('play begins --at %s', (at, position) => {
    expect(read('play', 'a', '--at', at)).toMatchObject({ options: { at: position } });
  });

  it.each(['0', '-1', '1e3', 'fast', '10001', '0.05', ''])('play is not --speed %j', (speed) => {
    expect(refusal('play', 'a', `--speed=${speed}`).message).toContain('--speed: a number from 0.1 to 10000');
  });

  it.each(['serve', 'Record', '__proto__', ''])(
    'that is none, as %j, is answered with those that there are',
    (name) => {
      const error = refusal(name);
      expect(error.exitCode).toBe(2);
      for (const command of Object.keys(COMMANDS)) expect(error.message).toContain(command);
    },
  );

  it('comes first', () => {
    expect(refusal('--port', '1', 'record').message).toContain('"record" is not an option');
  });
});

describe('the help of a command', () => {
  it.each([['--help'], ['a', '--help'], ['--help', '--seconds', '0']])(
    'is answered before anything else is looked at: %j',
    (...args) => {
      expect(read('record', ...args)).toEqual({ run: 'help', command: 'record' });
    },
  );

  it.each(Object.entries(COMMANDS))('of %s explains its options and fits a terminal', (name, { operands, options }) => {
    const text = helpText('1.2.3', name as keyof typeof COMMANDS);
    expect(text).toContain(`telltale ${[name, ...operands].join(' ')} [options]`);
    for (const option of Object.keys(options)) expect(text).toMatch(new RegExp(`^  --${option}( |$)`, 'm'));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(helpText('1.2.3')).toContain(`\n  ${[name, ...operands].join(' ')} `);
  });
});
