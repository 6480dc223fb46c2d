import { EXIT, ExitError } from './errors.ts';
import { COMMANDS, type CommandName, type HelpTopic, type OptionTable, type ValuesOf } from './options.ts';

/** A value as it was given, and where, as its error names it. */
export interface Given {
  readonly text: string;
  readonly from: string;
}

/** A command as it was called: a word for each of its operands, and its options. */
export interface CommandCall<C extends CommandName> {
  readonly run: C;
  readonly operands: readonly string[];
  readonly options: ValuesOf<(typeof COMMANDS)[C]['options']>;
}

export const isCommand = (name: string | undefined): name is CommandName =>
  name !== undefined && Object.hasOwn(COMMANDS, name);

/** Bad usage, with the command whose help says more. */
export const usage = (message: string, command?: HelpTopic) =>
  new ExitError(EXIT.usage, `${message} (see ${['telltale', ...(command ? [command] : []), '--help'].join(' ')})`);

/**
 * Reads `--name value`, `--name=value`, switches, and words up to the number of operands. Of an option that may stand
 * here it matters whether it has a value.
 */
export function readArgs(
  args: readonly string[],
  known: Readonly<Record<string, { readonly value: string | null }>>,
  command?: CommandName,
): { readonly flags: ReadonlyMap<string, Given>; readonly operands: readonly string[] } {
  const flags = new Map<string, Given>();
  const operands: string[] = [];
  const places = command ? COMMANDS[command].operands.length : 0;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if ((arg === '-' || !arg.startsWith('-')) && operands.length < places) {
      operands.push(arg);
      continue;
    }
    const [, name = '', , attached] = /^--([a-z-]+)(=(.*))?$/s.exec(arg) ?? [];
    if (name === '') throw usage(`"${arg}" is not an option`, command);
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!option) throw usage(`--${name} is not an option`, command);
    const text = attached ?? (option.value === null ? 'true' : args[++i]);
    if (text === undefined) throw usage(`--${name} needs a value`, command);
    flags.set(name, { text, from: `--${name}` });
  }
  return { flags, operands };
}

/** The value of each option from what was given for it, or its default. */
export function readValues<T extends OptionTable>(
  options: T,
  givenFor: (name: string) => Given | undefined,
  command?: CommandName,
): ValuesOf<T> {
  const entries = Object.entries(options).map(([name, option]) => {
    const given = givenFor(name);
    const value = option.parse(given?.text ?? option.fallback ?? 'none');
    if (value instanceof Error) throw usage(`${given?.from ?? `--${name}`}: ${value.message}`, command);
    return [name, value];
  });
  return Object.fromEntries(entries) as ValuesOf<T>;
}

/** Reads what follows a command; `null` when its help is asked for. */
export function readCall<C extends CommandName>(run: C, args: readonly string[]): CommandCall<C> | null {
  const { options, operands: needed } = COMMANDS[run];
  const { flags, operands } = readArgs(args, { ...options, help: { value: null } }, run);
  if (flags.has('help')) return null;
  const missing = needed.find((name, i) => !operands[i] && !name.startsWith('['));
  if (missing) throw usage(`${run} needs ${missing}`, run);
  return { run, operands, options: readValues(options, (name) => flags.get(name), run) };
}
