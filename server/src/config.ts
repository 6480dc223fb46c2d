import { isAbsolute, join } from 'node:path';
import { type CommandCall, type Given, isCommand, readArgs, readCall, readValues, usage } from './command-line.ts';
import { EXIT, ExitError } from './errors.ts';
import { isLoopback } from './guard/hosts.ts';
import { COMMANDS, type CommandName, OPTIONS, type OptionValues } from './options.ts';

type AnyCall = { readonly [C in CommandName]: CommandCall<C> }[CommandName];

/** What is asked for. Help without a command is that of the program. */
export type Command =
  | { readonly run: 'help'; readonly command?: CommandName }
  | { readonly run: 'version' }
  | { readonly run: 'serve'; readonly config: Config }
  | PlayCall
  | Exclude<AnyCall, { readonly run: 'play' }>;
export type Config = OptionValues;
/** `play`, and what it is served with. */
export type PlayCall = CommandCall<'play'> & { readonly config: Config };

export interface ConfigSources {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  /** Whether the process runs as root. */
  readonly isRoot: boolean;
}

const FLAGS = { ...OPTIONS, config: { value: 'FILE' }, help: { value: null }, version: { value: null } };

const variableOf = (name: string) => `TELLTALE_${name.toUpperCase().replaceAll('-', '_')}`;

/** Reads the configuration file: a JSON object with the options' names as keys. */
function readConfigFile(path: string, readFile: (path: string) => string): Map<string, Given> {
  let content: unknown;
  try {
    content = JSON.parse(readFile(path));
  } catch (error) {
    throw usage(`--config ${path}: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw usage(`--config ${path}: a JSON object is needed, like {"port": 7411}`);
  }
  const entries = Object.entries(content).map(([name, value]): [string, Given] => {
    if (!Object.hasOwn(OPTIONS, name)) throw usage(`--config ${path}: "${name}" is not an option`);
    const parts: unknown[] = Array.isArray(value) ? value : [value];
    if (parts.some((part) => typeof part === 'object')) {
      throw usage(`"${name}" in ${path}: text, a number, true, false or a list of texts is needed`);
    }
    const text = Array.isArray(value) ? value.join(',') : String(value);
    return [name, { text, from: `"${name}" in ${path}` }];
  });
  return new Map(entries);
}

/**
 * Reads a command with its flags; or, to serve, flags, environment and file, in this order of weight. Throws an
 * {@link ExitError} that says what to do.
 */
export function readCommand({ args, env, readFile, isRoot }: ConfigSources): Command {
  const [first, ...rest] = args;
  if (isCommand(first)) {
    const call = readCall(first, rest) as AnyCall | null;
    if (call === null) return { run: 'help', command: first };
    return call.run === 'play' ? withConfig(call, isRoot) : call;
  }
  if (first !== undefined && !first.startsWith('-')) {
    throw usage(`"${first}" is not an option or a command; commands are ${Object.keys(COMMANDS).join(', ')}`);
  }
  const { flags } = readArgs(args, FLAGS);
  if (flags.has('help')) return { run: 'help' };
  if (flags.has('version')) return { run: 'version' };
  const file = flags.get('config')?.text ?? env[variableOf('config')];
  const fromFile = file === undefined ? new Map<string, Given>() : readConfigFile(file, readFile);

  const givenFor = (name: string): Given | undefined => {
    const variable = variableOf(name);
    // An empty variable is how many shells and unit files say that it is not set.
    const inEnvironment = env[variable];
    return (
      flags.get(name) ?? (inEnvironment ? { text: inEnvironment, from: variable } : undefined) ?? fromFile.get(name)
    );
  };
  const values = readValues(OPTIONS, givenFor);
  const config = { ...values, data: givenFor('data') ? values.data : defaultFolder(env) };
  if ((config['tls-cert'] === '') !== (config['tls-key'] === '')) throw usage('--tls-cert and --tls-key go together');
  if (config.provider === 'portable' && (config['proc-root'] !== '/proc' || config['sys-root'] !== '/sys')) {
    throw usage('--provider portable tells of this machine alone: leave --proc-root and --sys-root out, or --provider');
  }
  refuseExposure(config, isRoot);
  return { run: 'serve', config };
}

/** Where the state of a program is kept that need not be backed up (XDG Base Directory Specification). */
export function defaultFolder(env: ConfigSources['env']): string {
  const state = env['XDG_STATE_HOME'];
  const home = env['HOME'] ?? env['LOCALAPPDATA'];
  // The specification has relative paths be ignored.
  if (state && isAbsolute(state)) return join(state, 'telltale');
  return home ? join(home, '.local', 'state', 'telltale') : 'none';
}

/** A recording is served like the machine, but is configured by flags alone, like every command. */
function withConfig(call: CommandCall<'play'>, isRoot: boolean): PlayCall {
  const config = { ...readValues(OPTIONS, () => undefined), ...call.options };
  refuseExposure(config, isRoot);
  return { ...call, config };
}

/** Beyond this machine nothing is served by accident. */
function refuseExposure(config: Config, isRoot: boolean): void {
  if (isLoopback(config.host)) return;
  if (!config['insecure-no-auth']) {
    throw new ExitError(
      EXIT.refused,
      `--host ${config.host} would show this machine to everybody who can reach it, and there are no tokens yet: ` +
        'put a proxy that asks for a password in front of 127.0.0.1, or say --insecure-no-auth if that is what you want',
    );
  }
  if (isRoot && !config['allow-root']) {
    throw new ExitError(
      EXIT.refused,
      `refusing to serve ${config.host} as root: start as another user (nothing here needs root), or say --allow-root`,
    );
  }
}
