import { isAbsolute, join } from 'node:path';
import { type CommandCall, type Given, isCommand, readArgs, readCall, readValues, usage } from './command-line.ts';
import { COMMANDS, type CommandName, type HelpTopic, OPTIONS, type OptionValues } from './options.ts';

type AnyCall = { readonly [C in CommandName]: CommandCall<C> }[CommandName];

/** What is asked for. Help without a command is that of the program. */
export type Command =
  | { readonly run: 'help'; readonly command?: HelpTopic }
  | { readonly run: 'doctor'; readonly config: Config }
  | { readonly run: 'version' }
  | { readonly run: 'serve'; readonly config: Config }
  | PlayCall
  | Exclude<AnyCall, { readonly run: 'play' | 'doctor' }>;
export type Config = OptionValues;
/** `play`, and what it is served with. */
export type PlayCall = CommandCall<'play'> & { readonly config: Config };

export interface ConfigSources {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
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
export function readCommand(sources: ConfigSources): Command {
  const { args } = sources;
  const words = isCommand(args.slice(0, 2).join(' ')) ? 2 : 1;
  const first = args.slice(0, words).join(' ');
  const rest = args.slice(words);
  if (first === 'token') {
    if (rest[0] === '--help') return { run: 'help', command: 'token' };
    throw usage('token needs create, list or revoke', 'token');
  }
  if (first === 'doctor') {
    const command = readServing({ ...sources, args: rest });
    if (command.run === 'serve') return { run: 'doctor', config: command.config };
    return command.run === 'help' ? { run: 'help', command: 'doctor' } : command;
  }
  if (isCommand(first)) {
    const call = readCall(first, rest) as Exclude<AnyCall, { readonly run: 'doctor' }> | null;
    if (call === null) return { run: 'help', command: first };
    return call.run === 'play' ? withConfig(call) : call;
  }
  return readServing(sources);
}

function readServing({ args, env, readFile }: ConfigSources): Extract<Command, { run: 'help' | 'version' | 'serve' }> {
  const [first] = args;
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
  if (config['trusted-proxy-user-header'] !== '' && config['trusted-proxy'].length === 0) {
    throw usage('--trusted-proxy-user-header needs --trusted-proxy: anybody else could write that header');
  }
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
function withConfig(call: CommandCall<'play'>): PlayCall {
  const config = { ...readValues(OPTIONS, () => undefined), ...call.options };
  return { ...call, config };
}

/** Where a command finds what a server keeps: where it is told, or where a server would be told by the environment. */
export function dataFolder(given: string, env: ConfigSources['env']): string {
  if (given !== 'none') return given;
  return env[variableOf('data')] || defaultFolder(env);
}
