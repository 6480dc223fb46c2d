import type { ReadFault } from '../collector.ts';

/** Gathers what one look at the machine could not see. */
export class Faults {
  readonly list: ReadFault[] = [];

  /** Passes a value on; an `Error` becomes a fault of these fields, and `null`. */
  keep<T>(fields: readonly string[], value: T | Error): T | null {
    if (!(value instanceof Error)) return value;
    this.list.push({ fields, reason: value.message });
    return null;
  }

  /** Reads and parses: either may answer with an `Error`. */
  parse<T>(fields: readonly string[], text: string | Error, parse: (text: string) => T | Error): T | null {
    return this.keep(fields, text instanceof Error ? text : parse(text));
  }
}
