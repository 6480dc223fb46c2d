import * as v from 'valibot';
import type { AnyEvent } from './events.ts';
import { isMetricName, type MetricName } from './metrics/registry.ts';

// A recording as a file: lines of JSON (NDJSON). The first says what it is, each of the others holds one event. It may
// be compressed with gzip, which is seen from its first bytes; its name says nothing.

/** The most text of a recording that is written and read, in characters before it is compressed. */
export const MAX_RECORDING = 256 * 1024 * 1024;

/** The largest time that ECMAScript can hold (ECMA-262, 21.4.1.1). JSON can say what is larger, and `1e999`. */
const MAX_TIME = 8.64e15;
const time = v.pipe(v.number(), v.minValue(-MAX_TIME), v.maxValue(MAX_TIME));
const told = v.optional(v.nullable(v.string()), null);
const counted = v.optional(v.nullable(v.number()), null);

/** The machine as `GET /api/host` tells it; what nobody said is `null`. */
const recordedHost = v.object({
  id: told,
  name: told,
  os: v.optional(v.object({ name: told, version: told, kernel: told, arch: told }), {}),
  cpu: v.optional(v.object({ model: told, cores: counted, threads: counted }), {}),
  memory: v.optional(v.object({ totalBytes: counted }), {}),
  bootAt: counted,
  timezone: told,
});

/** The shape of the first line. */
export const recordingHead = v.object({
  telltale: v.literal('recording'),
  /** The version of the protocol whose events these are; it is the version of this form too. */
  protocol: v.number(),
  /** The version of the program that wrote it. */
  version: v.optional(v.string(), 'unknown'),
  host: v.optional(recordedHost, {}),
  /** `live`: as it came from the stream. `history`: made of numbers that were kept, see `absent`. */
  source: v.optional(v.picklist(['live', 'history']), 'live'),
  /** When it was begun, or written from history; epoch ms. */
  recordedAt: time,
  /** The span that was asked of history; `null` in a live recording. */
  from: v.optional(v.nullable(time), null),
  to: v.optional(v.nullable(time), null),
  /** The metrics in it, and how far apart the events of each come in ms. */
  metrics: v.optional(v.record(v.string(), v.pipe(v.number(), v.minValue(1), v.maxValue(MAX_TIME))), {}),
  /** What is not in it although it was there, as `network.interfaces.kind`, `fault`; of history alone. */
  absent: v.optional(v.array(v.string()), []),
});

export type RecordingHead = v.InferOutput<typeof recordingHead>;

/** What is recorded: events of the machine, and not those that speak of a connection. */
export type RecordedEvent = Extract<AnyEvent, { readonly name: MetricName | 'gap' | 'fault' }>;

export function isRecorded(event: AnyEvent): event is RecordedEvent {
  return isMetricName(event.name) || event.name === 'gap' || event.name === 'fault';
}

/** Whether an event comes at a time that there is: all that is shown counts from it. */
export function isTimed({ data }: RecordedEvent): boolean {
  return !('at' in data) || Math.abs(data.at) <= MAX_TIME;
}

/** The first line. */
export function encodeHead(head: RecordingHead): string {
  return `${JSON.stringify(head)}\n`;
}

/** The line of an event. JSON escapes every line end in it. */
export function encodeRecorded({ name, data }: RecordedEvent): string {
  return `${JSON.stringify({ event: name, data })}\n`;
}
