// What the compiler must accept and refuse. Nothing here runs: a line that should not compile and does is an error.
import type { AnyEvent, EventName, Events, MetricName, MetricValues } from './index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>() => {};

declare const events: Events;
declare const any: AnyEvent;

holds<Same<Events['cpu']['usage'], number | null>>();
holds<Same<Events['cpu']['at'], number>>();
holds<Same<Events['memory']['elapsedMs'], number | null>>();
holds<Same<Events['network']['totalOf'], 'physical' | 'all' | null>>();
holds<Same<Events['network']['interfaces'][number]['name'], string>>();
holds<Same<Extract<EventName, MetricName>, MetricName>>();
holds<Same<AnyEvent['name'], EventName>>();

// @ts-expect-error there is no such event
events['disks'];
// @ts-expect-error `message`, `open` and `error` belong to EventSource
events['message'];
// @ts-expect-error there is no such field
events.cpu.used;
// @ts-expect-error a core has no load
events.cpu.cores[0]?.load1;

// @ts-expect-error what could not be read is null
export const usage: number = events.cpu.usage;
// @ts-expect-error a group may be absent as a whole
events.network.tcp.established;
// @ts-expect-error a member of a list may not be there
events.cpu.cores[0].usage;
// @ts-expect-error absent is null, never undefined
export const values: Pick<MetricValues<'memory'>, 'totalBytes'> = { totalBytes: undefined };
// @ts-expect-error the time of an event is not the collector's to say
export const at = (memory: MetricValues<'memory'>) => memory.at;
// @ts-expect-error only these reasons exist
export const gap: Events['gap'] = { from: null, to: 1, reason: 'boredom' };

if (any.name === 'network') {
  holds<Same<typeof any.data, Events['network']>>();
  // @ts-expect-error the event has been narrowed to another
  any.data.usage;
}
