import * as v from 'valibot';
import type { Unit } from './unit.ts';

/** How a field's samples become one number over a wider step. */
export type Aggregate = 'avg' | 'min' | 'max' | 'last';

/** What a number means. It is attached to the field's schema and published in the catalogue. */
export interface NumberMeta {
  readonly title: string;
  /** How the number is made, exactly enough to be checked against another tool. */
  readonly definition: string;
  readonly unit: Unit;
  /** Smallest possible value, or `null` for none. */
  readonly min: number | null;
  /** Largest possible value, or `null` for none. */
  readonly max: number | null;
  readonly aggregate: Aggregate;
}

/** The fields of a metric, a list's items or a group, by name. */
export type Fields = Readonly<Record<string, v.GenericSchema>>;
export type FieldValues<F extends Fields> = { -readonly [K in keyof F]: v.InferOutput<F[K]> };

export type FieldKind =
  | { readonly kind: 'number'; readonly meta: NumberMeta }
  | { readonly kind: 'text' | 'flag'; readonly title: string; readonly definition: string }
  | { readonly kind: 'list' | 'group'; readonly title: string; readonly definition: string; readonly fields: Fields };

/** Reads back what the builders below attached to a schema. */
export function fieldKind(schema: v.GenericSchema): FieldKind {
  return v.getMetadata(schema)['field'] as FieldKind;
}

function tagged<T>(schema: v.GenericSchema<T>, field: FieldKind): v.GenericSchema<T> {
  const { title, definition } = field.kind === 'number' ? field.meta : field;
  return v.pipe(schema, v.title(title), v.description(definition), v.metadata({ field })) as v.GenericSchema<T>;
}

type NumberOptions = Pick<NumberMeta, 'title' | 'definition'> & Partial<NumberMeta>;

/** A number, or `null` where it could not be read. Not negative unless `min` says so; averaged unless told otherwise. */
function number(options: NumberOptions & Pick<NumberMeta, 'unit'>): v.GenericSchema<number | null> {
  const meta: NumberMeta = { min: 0, max: null, aggregate: 'avg', ...options };
  const lower = v.minValue<number, number>(meta.min ?? -Number.MAX_VALUE);
  const upper = v.maxValue<number, number>(meta.max ?? Number.MAX_VALUE);
  const value =
    meta.max === null ? (meta.min === null ? v.number() : v.pipe(v.number(), lower)) : v.pipe(v.number(), lower, upper);
  return tagged<number | null>(v.nullable(value), { kind: 'number', meta });
}

type Plain = (title: string, definition: string, options?: Partial<NumberMeta>) => v.GenericSchema<number | null>;
const numberOf =
  (unit: Unit, defaults: Partial<NumberMeta> = {}): Plain =>
  (title, definition, options = {}) =>
    number({ unit, ...defaults, title, definition, ...options });

/** A share of a whole in percent, 0-100. */
export const share = numberOf('percent', { max: 100 });
/** A size in bytes at the end of the interval. */
export const bytes = numberOf('bytes');
/** Bytes per second over the interval. */
export const byteRate = numberOf('bytesPerSecond');
/** Happenings per second over the interval. */
export const rate = numberOf('perSecond');
/** A number of things at the end of the interval. */
export const count = numberOf('count');
/** A speed in bits per second, as links are labelled. */
export const bitRate = numberOf('bitsPerSecond', { aggregate: 'last' });
/** A counter as the kernel has it: bytes since it was last reset. */
export const byteCounter = numberOf('bytes', { aggregate: 'last' });

/** Degrees Celsius at the end of the interval; may be below zero. */
export const temperature = numberOf('celsius', { min: null });

/** Text as the machine has it, opaque and perhaps hostile, or `null` where it could not be read. */
export function text(title: string, definition: string): v.GenericSchema<string | null> {
  return tagged<string | null>(v.nullable(v.string()), { kind: 'text', title, definition });
}

/** Text from a fixed set, or `null` where it could not be read. */
export function oneOf<const T extends readonly string[]>(
  values: T,
  title: string,
  definition: string,
): v.GenericSchema<T[number] | null> {
  return tagged<T[number] | null>(v.nullable(v.picklist(values)), { kind: 'text', title, definition });
}

/** Yes or no, or `null` where it could not be read. */
export function flag(title: string, definition: string): v.GenericSchema<boolean | null> {
  return tagged<boolean | null>(v.nullable(v.boolean()), { kind: 'flag', title, definition });
}

/** A list of things, each with a `name` (opaque text from the machine) and sorted by it. */
export function list<const F extends Fields>(
  title: string,
  definition: string,
  fields: F,
): v.GenericSchema<({ name: string } & FieldValues<F>)[]> {
  const item = v.object({ name: v.string(), ...fields });
  return tagged(v.array(item) as v.GenericSchema<unknown>, {
    kind: 'list',
    title,
    definition,
    fields,
  }) as v.GenericSchema<({ name: string } & FieldValues<F>)[]>;
}

/** A field that a metric was given later: what was recorded before lacks it, and says as much as if it could not be read. */
export function added<T>(schema: v.GenericSchema<T>): v.GenericSchema<T> {
  const field = fieldKind(schema);
  return tagged(
    v.optional(schema as v.GenericSchema<unknown>, field.kind === 'list' ? [] : null),
    field,
  ) as v.GenericSchema<T>;
}

/** Fields that exist together or, as `null`, not at all. */
export function group<const F extends Fields>(
  title: string,
  definition: string,
  fields: F,
): v.GenericSchema<FieldValues<F> | null> {
  return tagged(v.nullable(v.object(fields)) as v.GenericSchema<unknown>, {
    kind: 'group',
    title,
    definition,
    fields,
  }) as v.GenericSchema<FieldValues<F> | null>;
}
