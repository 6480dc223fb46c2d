// What the compiler must accept and refuse. Nothing here runs: a line that should not compile and does is an error.
import type { AnyEvent, Events } from '@telltale/shared';
import { connect } from './index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>() => {};

export async function compiles() {
  const stream = connect({ url: 'http://nas:7411', metrics: ['cpu', 'memory'], interval: 5_000, cursor: null });

  stream.on('cpu', (event) => {
    holds<Same<typeof event, Events['cpu']>>();
    holds<Same<typeof event.usage, number | null>>();
    // @ts-expect-error there is no such field
    event.used;
    // @ts-expect-error what could not be read is null
    event.usage.toFixed(1);
    // @ts-expect-error a core has no load
    event.cores[0]?.load1;
  });
  stream.on('gap', ({ reason }) => {
    // @ts-expect-error only these reasons exist
    return reason === 'boredom';
  });
  // @ts-expect-error there is no such event
  stream.on('disks', () => {});
  // @ts-expect-error `message` belongs to EventSource
  stream.on('message', () => {});
  // @ts-expect-error a memory event has no cores
  stream.on('memory', ({ cores }) => cores);

  for await (const event of stream) {
    holds<Same<typeof event, AnyEvent>>();
    if (event.name === 'network') {
      holds<Same<typeof event.data, Events['network']>>();
      // @ts-expect-error the event has been narrowed to another
      event.data.usage;
    }
  }

  stream.select({ metrics: ['network'], interval: null });
  // @ts-expect-error there is no such metric
  stream.select({ metrics: ['disks'] });
  // @ts-expect-error only the paces of the stream exist
  stream.select({ interval: 1_234 });
  // @ts-expect-error the status is told, not set
  stream.status = { state: 'live', detail: null, retryAt: null };
  // @ts-expect-error an unsubscribe takes nothing
  stream.on('cpu', () => {})(1);
  // @ts-expect-error the server has to be named
  connect({});
}
