import { describe, expect, it } from 'vitest';
import { createLogger, LOG_LEVELS } from './logger.ts';

describe('S18: the log', () => {
  it.each(['\n', '\r\n', '\0', '\u001b[2J', '"}\n{"level":"error"', '\ud800', '__proto__'])(
    'is one line a message, with %j in it too',
    (hostile) => {
      const lines: string[] = [];
      const log = createLogger(
        'debug',
        (line) => lines.push(line),
        () => 0,
      );
      log.warn(hostile, { name: hostile });
      expect(lines).toHaveLength(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may reach a terminal
      expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f]/);
      expect(JSON.parse(lines[0] ?? '')).toEqual({
        at: '1970-01-01T00:00:00.000Z',
        level: 'warn',
        message: hostile,
        name: hostile,
      });
    },
  );

  it.each(LOG_LEVELS.map((level, i) => [level, ['debug', 'info', 'warn', 'error'].slice(i)] as const))(
    'at level %s says %j',
    (level, expected) => {
      const said: string[] = [];
      const log = createLogger(
        level,
        (line) => said.push(JSON.parse(line).level),
        () => 0,
      );
      for (const own of ['debug', 'info', 'warn', 'error'] as const) log[own]('x');
      expect(said).toEqual(expected);
    },
  );
});
