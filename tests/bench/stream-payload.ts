import { openStream } from '../support/sse.ts';

/** One tick of our stream as it was sent, for others to send the same. */
export interface Payload {
  /** The blocks, in bytes as they are on the wire. */
  readonly text: string;
  readonly events: number;
  /** Says that a tick has arrived: it is in its last block, before the time of that event. */
  readonly marker: string;
}

/** What is read of our server and sent by the others. */
export const QUERY = 'metrics=cpu,memory,network';
const METRICS = 3;

/** Records the second live tick of a stream: the first may be within a pace of the start. */
export async function recordPayload(url: string): Promise<Payload> {
  const reader = await openStream(`${url}/api/stream?${QUERY}`);
  try {
    await reader.next(1 + METRICS * 3);
    const events = reader.blocks().filter((block) => block.includes('\ndata: '));
    const tick = events.slice(1 + METRICS * 2, 1 + METRICS * 3);
    const name = /^event: (.*)$/m.exec(tick.at(-1) ?? '')?.[1];
    return { text: tick.map((block) => `${block}\n\n`).join(''), events: METRICS, marker: `event: ${name}` };
  } finally {
    reader.close();
  }
}

/** The same tick with the time at which it is sent. */
export const stamped = (text: string): string => text.replace(/("at":)\d{13}/g, `$1${Date.now()}`);

export interface PayloadEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** The events of a tick, for peers that frame them themselves. */
export function parsePayload(text: string): PayloadEvent[] {
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((block) => {
      const [event = '', id = '', data = ''] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
      return { event, id, data: JSON.parse(data) };
    });
}
