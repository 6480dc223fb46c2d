import * as v from 'valibot';
import { type ControlEvents, controls } from './control.ts';
import { type MetricEvents, metrics } from './metrics/registry.ts';

/** Every event of the stream: its name and what it carries. All other event types follow from this one. */
export type Events = MetricEvents & ControlEvents;
export type EventName = keyof Events;

/** One event as a union that narrows by `name`. */
export type AnyEvent = { [N in EventName]: { readonly name: N; readonly data: Events[N] } }[EventName];

const SCHEMAS = new Map<string, v.GenericSchema>([
  ...Object.entries(metrics).map(([name, { schema }]) => [name, schema as v.GenericSchema] as const),
  ...Object.entries(controls).map(([name, schema]) => [name, schema as v.GenericSchema] as const),
]);

/**
 * Reads one event. `null` for a name that this version does not know (readers ignore those), an `Error` for one that it
 * knows but that does not have the promised shape.
 */
export function readEvent(name: string, value: unknown): AnyEvent | null | Error {
  const schema = SCHEMAS.get(name);
  if (!schema) return null;
  const result = v.safeParse(schema, value);
  if (result.success) return { name, data: result.output } as AnyEvent;
  const [issue] = result.issues;
  return new Error(`event "${name}": ${v.getDotPath(issue) ?? 'data'}: ${issue.message}`);
}

/** The same from the wire. */
export function parseEvent(name: string, json: string): AnyEvent | null | Error {
  if (!SCHEMAS.has(name)) return null;
  try {
    return readEvent(name, JSON.parse(json));
  } catch {
    return new Error(`event "${name}" is not JSON`);
  }
}
