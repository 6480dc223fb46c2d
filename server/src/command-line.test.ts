import { describe, expect, it } from 'vitest';
import { readCommand } from './config.ts';
import { ExitError } from './errors.ts';
import { COMMANDS, helpText } from './options.ts';

const env = { TELLTALE_PROCESS_ARGUMENTS: 'true', TELLTALE_ANONYMOUS: 'true', TELLTALE_CONFIG: '/nowhere' };
const read = (...args: string[]) => readCommand({ args, env, readFile: () => '{', isRoot: true });

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
