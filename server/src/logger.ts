export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Fields = Readonly<Record<string, string | number | boolean | null>>;
type Log = (message: string, fields?: Fields) => void;
export type Logger = Readonly<Record<Exclude<LogLevel, 'silent'>, Log>>;

/** Writes one JSON object a line: JSON escapes control characters, so a hostile name cannot forge a second line. */
export function createLogger(level: LogLevel, write: (line: string) => void, now: () => number): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const at = (own: Exclude<LogLevel, 'silent'>): Log => {
    if (LOG_LEVELS.indexOf(own) < least) return () => {};
    return (message, fields) =>
      write(`${JSON.stringify({ at: new Date(now()).toISOString(), level: own, message, ...fields })}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
