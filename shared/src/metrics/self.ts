import { byteRate, bytes, count, list, rate } from '../field.ts';
import { metric } from '../metric.ts';

/** What Telltale itself costs, measured. Source: getrusage(2), /proc/self. */
export const self = metric({
  title: 'Telltale',
  pace: 'base',
  fields: {
    cpuMsPerSecond: count(
      'CPU',
      'Processor time of this server, all threads, per second; 10 is one percent of a core',
      {
        unit: 'msPerSecond',
      },
    ),
    residentBytes: bytes('Memory', 'Resident set of this server'),
    eventLoopLagMs: count('Event loop lag', 'How much later than planned the timer of this look fired', { unit: 'ms' }),
    subscribers: count('Subscribers', 'Streams that are open'),
    sentBytesPerSecond: byteRate('Sent', 'Bytes of streams handed to the kernel or waiting for it'),
    conflatedPerSecond: rate('Conflated', 'Events that slow subscribers were not sent, told to them as a gap'),
    historyBytes: bytes('History', 'What recorded history takes where it is kept'),
    history: list('History, each tier', 'As sampled (raw), and rolled up by the minute and the hour', {
      spanMs: count('Span', 'From its first to its last row', { unit: 'ms', aggregate: 'last' }),
      bytes: bytes('Size', 'Its packed chunks', { aggregate: 'last' }),
      bytesPerSample: count('Bytes a sample', 'Its bytes, shared by the numbers that it holds', { aggregate: 'last' }),
    }),
    collectors: list('Collectors', 'Each metric', {
      durationMs: count(
        'Duration',
        'Time that a look at the machine takes, waiting included: the mean of the last ones',
        {
          unit: 'ms',
        },
      ),
    }),
  },
});
