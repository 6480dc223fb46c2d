import * as v from 'valibot';
import { type Fields, type FieldValues, fieldKind } from './field.ts';
import type { Pace } from './pace.ts';

/**
 * Numbers that always add up to a total: a constant, or another field of the same place. `parts` names them; the first is
 * what remains when the others are taken from the total. `list`: they are fields of each of its members.
 */
export interface Sum {
  readonly list?: string;
  readonly total: number | string;
  readonly parts: readonly [string, ...string[]];
}

/** A metric as it is declared: everything else (types, catalogue, charts, history) follows from this. */
export interface Metric<F extends Fields = Fields> {
  readonly title: string;
  /** How often it is sampled unless somebody asks otherwise; `base` is the server's `--interval`. */
  readonly pace: 'base' | Pace;
  /** Whether it can be asked for more often than once a second; what cannot keeps its own pace then. */
  readonly subSecond: boolean;
  /** Whether it is sampled only while somebody subscribes, and is left out unless asked for by name. */
  readonly onDemand: boolean;
  readonly fields: F;
  /** What adds up, as the definitions of the fields say; history need not keep what follows from the rest. */
  readonly sums: readonly Sum[];
  /** The whole event: `at`, `elapsedMs` and the fields. Unknown fields are dropped, never refused. */
  readonly schema: v.GenericSchema<MetricEvent<F>>;
}

/** `at`: epoch ms, the end of the interval. `elapsedMs`: its measured length, `null` in the first event after a start or gap. */
export type MetricEvent<F extends Fields> = { at: number; elapsedMs: number | null } & FieldValues<F>;

type MetricOptions<F extends Fields> = Pick<Metric<F>, 'title' | 'pace' | 'fields'> & Partial<Metric<F>>;

export function metric<const F extends Fields>(options: MetricOptions<F>): Metric<F> {
  const schema = v.object({
    at: v.pipe(v.number(), v.description('Epoch ms, the end of the interval')),
    elapsedMs: v.pipe(
      v.nullable(v.number()),
      v.description('Measured length of the interval; null in the first event after a start or gap'),
    ),
    ...options.fields,
  });
  return {
    subSecond: false,
    onDemand: false,
    sums: [],
    ...options,
    schema: schema as unknown as v.GenericSchema<MetricEvent<F>>,
  };
}

/** The values of a metric of which nothing could be read: lists empty, everything else `null`. */
export function blankValues(fields: Fields): Record<string, null | []> {
  const entries = Object.entries(fields).map(([name, schema]) => [name, fieldKind(schema).kind === 'list' ? [] : null]);
  return Object.fromEntries(entries);
}
