import { PACE_NAMES, type Pace, parsePace } from '@telltale/shared';
import { hostName } from './guard/hosts.ts';
import { isNetwork } from './guard/proxies.ts';
import { TOKEN_SCOPES, type TokenScope } from './guard/token.ts';
import { DEFAULT_RETENTION, parseRetention } from './history/retention.ts';
import { LOG_LEVELS, type LogLevel } from './logger.ts';
import {
  readBase,
  readDuration,
  readMetricNames,
  readMoment,
  readPosition,
  readSpeed,
  unlessEmpty,
} from './recording-options.ts';

/** How one option is written, read and explained. */
export interface Option<T> {
  /** What the help shows for its value; `null` for a switch. */
  readonly value: string | null;
  /** As it would be written; `null` for none. */
  readonly fallback: string | null;
  readonly help: string;
  /** Reads a value; an `Error` says what would be right, to follow "--name: ". */
  readonly parse: (text: string) => T | Error;
}

const option = <T>(value: string | null, fallback: string | null, help: string, parse: (text: string) => T | Error) =>
  ({ value, fallback, help, parse }) satisfies Option<T>;

const text = (what: string) => (given: string) => (given === '' ? new Error(`${what} is needed`) : given);

const whole = (least: number, most: number) => (given: string) => {
  const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  return number >= least && number <= most ? number : new Error(`a whole number from ${least} to ${most} is needed`);
};

const oneOf =
  <const T extends string>(values: readonly T[]) =>
  (given: string): T | Error =>
    values.find((value) => value === given) ?? new Error(`one of ${values.join(', ')} is needed`);

const flag = (given: string): boolean | Error =>
  given === 'true' || given === '1' || given === ''
    ? true
    : given === 'false' || given === '0'
      ? false
      : new Error('true or false is needed');

const names = (given: string): readonly string[] =>
  given
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

function hostNames(given: string): readonly string[] | Error {
  const wrong = names(given).find((name) => hostName(name) !== name.toLowerCase());
  return wrong === undefined
    ? names(given)
    : new Error(`"${wrong}" is not a host name like nas.local (no scheme, no port)`);
}

function networks(given: string): readonly string[] | Error {
  const wrong = names(given).find((name) => !isNetwork(name));
  return wrong === undefined ? names(given) : new Error(`"${wrong}" is not an address or a network like 10.0.0.0/8`);
}

const headerName = (given: string): string | Error =>
  /^[\w-]*$/.test(given) ? given.toLowerCase() : new Error('the name of a header like X-Remote-User is needed');

/** What can be told apart from others in a list, and from an id. */
const tokenName = (given: string): string | Error =>
  /^[^\p{C}]{1,64}$/u.test(given) ? given : new Error('a name of at most 64 characters is needed');

const lifetime = (given: string): number | Error =>
  given === 'never' ? Number.POSITIVE_INFINITY : readDuration(given);

function origins(given: string): readonly string[] | Error {
  for (const origin of names(given)) {
    // A star is a letter like any other in an origin, and not what whoever writes it means.
    if (origin.includes('*') || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      return new Error(`"${origin}" is not an origin like https://example.org (scheme, host and port, nothing more)`);
    }
  }
  return names(given);
}

function basePath(given: string): string | Error {
  if (!/^\/(?:[\w.~-]+\/?)*$/.test(given)) return new Error('a path like /telltale is needed');
  return given.endsWith('/') ? given : `${given}/`;
}

const pace = (given: string): Pace | Error =>
  parsePace(given) ?? new Error(`one of ${PACE_NAMES.join(', ')} is needed`);

/** Every option. Each is also an environment variable and a key of the configuration file. */
export const OPTIONS = {
  host: option('ADDRESS', '127.0.0.1', 'where to listen', text('an address')),
  port: option('PORT', '7411', 'the port there; 0 takes a free one', whole(0, 65_535)),
  data: option(
    'DIR',
    null,
    'where history and tokens are kept; none: in memory (default ~/.local/state/telltale)',
    text('a directory or "none"'),
  ),
  retention: option('RULES', DEFAULT_RETENTION, 'how long history is kept', parseRetention),
  interval: option('PACE', '1s', `how often to sample: ${PACE_NAMES.join(' ')}`, pace),
  'proc-root': option('DIR', '/proc', "read another machine's files", text('a directory')),
  'sys-root': option('DIR', '/sys', "read another machine's files", text('a directory')),
  provider: option('NAME', 'auto', 'auto, linux or portable (systeminformation)', oneOf(['auto', 'linux', 'portable'])),
  'allow-host': option('NAMES', '', 'names under which to be served beside loopback, comma-separated', hostNames),
  'allow-origin': option('ORIGINS', '', 'origins whose pages may read the data, comma-separated', origins),
  'trusted-proxy': option('ADDRESSES', '', 'proxies whose X-Forwarded-* counts, like 127.0.0.1,10.0.0.0/8', networks),
  'trusted-proxy-user-header': option('NAME', '', 'the header in which they name who has signed in', headerName),
  'tls-cert': option('FILE', '', 'certificate chain (PEM): HTTPS, with HTTP/2; needs --tls-key', (given) => given),
  'tls-key': option('FILE', '', 'its private key (PEM)', (given) => given),
  'base-path': option('PATH', '/', 'the sub-path behind a proxy', basePath),
  'max-subscribers': option('N', '512', 'how many may listen at once', whole(1, 100_000)),
  'max-subscribers-per-address': option('N', '64', 'how many of them from one address', whole(1, 100_000)),
  'token-file': option('FILE', '', "an admin's token; others are made by telltale token create", (given) => given),
  'insecure-no-auth': option(
    null,
    'false',
    'serve beyond this machine without tokens: whoever reaches it reads it',
    flag,
  ),
  'allow-root': option(null, 'false', 'run as root beyond this machine', flag),
  'process-arguments': option(null, 'false', 'collect the command lines of processes, secrets masked', flag),
  'host-name': option('NAME', '', 'what to call this machine instead of its own name', (given) => given.slice(0, 256)),
  open: option(null, 'false', 'open the dashboard in a browser', flag),
  'log-level': option('LEVEL', 'info', LOG_LEVELS.join(' '), oneOf<LogLevel>(LOG_LEVELS)),
} as const;

export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<T extends OptionTable> = { readonly [N in keyof T]: Exclude<ReturnType<T[N]['parse']>, Error> };
export type OptionValues = ValuesOf<typeof OPTIONS>;

/** One thing that the program can do beside serving. */
interface CommandSpec {
  /** What follows the name, as the help shows it; in brackets what may be left out. */
  readonly operands: readonly string[];
  readonly help: string;
  /** Flags alone: what a server is configured with is not meant for a command. */
  readonly options: OptionTable;
}

export const COMMANDS = {
  'token create': {
    operands: [],
    help: 'make a token; its secret is shown once, alone on stdout',
    options: {
      data: OPTIONS.data,
      name: option('NAME', '', 'what to call it (default: what it may do, and its id)', unlessEmpty(tokenName)),
      scope: option('SCOPE', 'read', 'admin, read, or embed for a page of yours', oneOf<TokenScope>(TOKEN_SCOPES)),
      metrics: option(
        'NAMES',
        '',
        'for these alone, comma-separated (default all; embed: all but process)',
        unlessEmpty(readMetricNames),
      ),
      origins: option('ORIGINS', '', 'embed: the pages that may use it, comma-separated', origins),
      expires: option(
        'DURATION',
        '',
        'when it ends, like 30d, or never (default never; embed 90d)',
        unlessEmpty(lifetime),
      ),
    },
  },
  'token list': { operands: [], help: 'list the tokens there are', options: { data: OPTIONS.data } },
  'token revoke': {
    operands: ['NAME'],
    help: 'end a token, by its name or id; whoever reads by it is sent away',
    options: { data: OPTIONS.data },
  },
  doctor: {
    operands: [],
    help: 'say what these options, the environment and the file would show to whom',
    options: OPTIONS,
  },
  forget: {
    operands: [],
    help: 'delete recorded history, all of it or a span',
    options: {
      data: OPTIONS.data,
      all: option(null, 'false', 'all of it', flag),
      from: option(
        'TIME',
        '',
        'the beginning of the span: ISO 8601 with a zone, epoch ms, or like -2h',
        (given) => given,
      ),
      to: option('TIME', 'now', 'its end', (given) => given),
    },
  },
  record: {
    operands: ['DIR'],
    help: "record this machine's files below /proc and /sys, to be replayed elsewhere",
    options: {
      seconds: option('N', '10', 'how far its two looks are apart, 1 to 600', whole(1, 600)),
      anonymous: option(null, 'false', 'replace the names of the machine, its users and what runs on it', flag),
      'process-arguments': option(
        null,
        'false',
        'record the command lines of processes, and the secrets in them',
        flag,
      ),
    },
  },
  export: {
    operands: ['[FILE]'],
    help: 'write what a running server sends or has kept; FILE.gz is compressed, - is stdout',
    options: {
      live: option(null, 'false', 'record what it sends from now on, until Ctrl-C', flag),
      for: option('DURATION', '', 'with --live: for so long, like 5m', unlessEmpty(readDuration)),
      from: option(
        'TIME',
        '',
        'record what it has kept since: ISO 8601, epoch ms, or like -15m',
        unlessEmpty(readMoment),
      ),
      to: option('TIME', 'now', 'with --from: until when', readMoment),
      url: option('URL', 'http://127.0.0.1:7411', 'the server', readBase),
      'token-file': option('FILE', '', 'a file that holds a token, where the server asks for one', (given) => given),
      metrics: option('NAMES', '', 'comma-separated; all but process unless said', unlessEmpty(readMetricNames)),
      interval: option('PACE', '', `${PACE_NAMES.join(' ')}; each metric's own unless said`, unlessEmpty(pace)),
    },
  },
  play: {
    operands: ['FILE'],
    help: 'serve a recording as if it happened now',
    options: {
      speed: option('N', '1', 'how many times as fast as it was', readSpeed),
      at: option('POSITION', '', 'where to begin: so far into it, like 5m, or a time of it', unlessEmpty(readPosition)),
      host: OPTIONS.host,
      port: OPTIONS.port,
      'allow-host': OPTIONS['allow-host'],
      'allow-origin': OPTIONS['allow-origin'],
      'base-path': OPTIONS['base-path'],
      'token-file': OPTIONS['token-file'],
      'insecure-no-auth': OPTIONS['insecure-no-auth'],
      'allow-root': OPTIONS['allow-root'],
      open: OPTIONS.open,
      'log-level': OPTIONS['log-level'],
    },
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandName = keyof typeof COMMANDS;
/** A command, or the first word of several. */
export type HelpTopic = CommandName | 'token';

function optionRows(options: OptionTable): string {
  const rows = Object.entries(options).map(([name, { value, fallback, help }]) => {
    const left = `  --${name}${value === null ? '' : ` ${value}`}`;
    const right = value === null || !fallback ? help : `${help} (default ${fallback})`;
    return left.length > 31 ? `${left}\n${' '.repeat(32)}${right}` : `${left.padEnd(32)}${right}`;
  });
  return rows.join('\n');
}

function commandHelp(name: CommandName): string {
  const { operands, help, options } = COMMANDS[name];
  return `telltale ${name}: ${help}

usage: ${['telltale', name, ...operands].join(' ')} [options]

${optionRows(options)}
  --help
`;
}

/** The text of `--help`, or of `COMMAND --help`. */
export function helpText(version: string, topic?: HelpTopic): string {
  if (topic === 'token') {
    return (['token create', 'token list', 'token revoke'] as const).map(commandHelp).join('\n');
  }
  if (topic) return commandHelp(topic);
  const commands = Object.entries(COMMANDS).map(([name, { operands, help }]) =>
    `  ${[name, ...operands].join(' ')}`.padEnd(32).concat(help),
  );
  return `telltale ${version}: watch this machine live

usage: telltale [options]
       telltale COMMAND --help

${commands.join('\n')}

${optionRows(OPTIONS)}
  --config FILE                 read options from a JSON file
  --version, --help

Each option is also an environment variable (--proc-root is TELLTALE_PROC_ROOT) and a key of the file.
Flags win over the environment, the environment over the file.
Exit codes: 0 stopped by request, 2 bad usage, 69 the port is taken or no server answers, 70 internal error, 78 refused.
`;
}
