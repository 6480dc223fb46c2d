import { EXIT, ExitError } from './errors.ts';
import { isLoopback } from './guard/hosts.ts';
import { OPTIONS, type OptionName, type OptionValues } from './options.ts';

/** What the command line asks for. */
export type Command =
  | { readonly run: 'help' }
  | { readonly run: 'version' }
  | { readonly run: 'serve'; readonly config: Config };
export type Config = OptionValues;

export interface ConfigSources {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  /** Whether the process runs as root. */
  readonly isRoot: boolean;
}

/** Where a value came from, as its error names it. */
interface Given {
  readonly text: string;
  readonly from: string;
}

const usage = (message: string) => new ExitError(EXIT.usage, `${message} (see telltale --help)`);
const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);
const variableOf = (name: string) => `TELLTALE_${name.toUpperCase().replaceAll('-', '_')}`;

/** Reads `--name value`, `--name=value` and switches. */
function readFlags(args: readonly string[]): Map<string, Given> {
  const flags = new Map<string, Given>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    const [, name = '', , attached] = /^--([a-z-]+)(=(.*))?$/s.exec(arg) ?? [];
    if (name === '') throw usage(`"${arg}" is not an option or a command`);
    const isSwitch = name === 'help' || name === 'version' || (isOption(name) && OPTIONS[name].value === null);
    if (!isSwitch && name !== 'config' && !isOption(name)) throw usage(`--${name} is not an option`);
    const text = attached ?? (isSwitch ? 'true' : args[++i]);
    if (text === undefined) throw usage(`--${name} needs a value`);
    flags.set(name, { text, from: `--${name}` });
  }
  return flags;
}

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
    if (!isOption(name)) throw usage(`--config ${path}: "${name}" is not an option`);
    const parts: unknown[] = Array.isArray(value) ? value : [value];
    if (parts.some((part) => typeof part === 'object')) {
      throw usage(`"${name}" in ${path}: text, a number, true, false or a list of texts is needed`);
    }
    const text = Array.isArray(value) ? value.join(',') : String(value);
    return [name, { text, from: `"${name}" in ${path}` }];
  });
  return new Map(entries);
}

/** Reads flags, environment and file, in this order of weight. Throws an {@link ExitError} that says what to do. */
export function readCommand({ args, env, readFile, isRoot }: ConfigSources): Command {
  const flags = readFlags(args);
  if (flags.has('help')) return { run: 'help' };
  if (flags.has('version')) return { run: 'version' };
  const file = flags.get('config')?.text ?? env[variableOf('config')];
  const fromFile = file === undefined ? new Map<string, Given>() : readConfigFile(file, readFile);

  const entries = Object.entries(OPTIONS).map(([name, option]) => {
    const variable = variableOf(name);
    // An empty variable is how many shells and unit files say that it is not set.
    const inEnvironment = env[variable];
    const given =
      flags.get(name) ?? (inEnvironment ? { text: inEnvironment, from: variable } : undefined) ?? fromFile.get(name);
    const value = option.parse(given?.text ?? option.fallback ?? 'none');
    if (value instanceof Error) throw usage(`${given?.from ?? `--${name}`}: ${value.message}`);
    return [name, value];
  });
  const config = Object.fromEntries(entries) as Config;
  if ((config['tls-cert'] === '') !== (config['tls-key'] === '')) throw usage('--tls-cert and --tls-key go together');
  refuseExposure(config, isRoot);
  return { run: 'serve', config };
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
