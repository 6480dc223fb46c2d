import { describe, expect, it } from 'vitest';
import { EVERYTHING, openWitness, Recorder, type Seen, type SeenEvent } from '../support/recorder.ts';
import { startServer } from '../support/server.ts';
import { dataOf, holesOf, isOfTheLog, positionOf, toReference, violations } from '../support/validators.ts';

// A server that crashes remembers nothing. It must not pretend to: who comes back with a cursor of before is told.

const READERS = 50;
const isGap = (seen: Seen): seen is SeenEvent => seen.kind === 'event' && seen.name === 'gap';

describe('SIGKILL and a start on the same port', () => {
  it(`is told to each of ${READERS} readers as one gap, and nothing is lost in silence`, async () => {
    let server = await startServer('--interval', '100ms');
    const { port } = server;
    const url = `${server.url}/api/stream?${EVERYTHING}&interval=100ms`;
    const readers = Array.from({ length: READERS }, () => new Recorder({ url: () => url }));
    try {
      const epochOf = ({ cursor }: Recorder) => positionOf(cursor as string).epoch;
      await Promise.all(readers.map((reader) => reader.until('an event', isOfTheLog)));
      const [before] = readers.map(epochOf);
      await server.kill();
      server = await startServer('--interval', '100ms', '--port', String(port));
      const witness = await openWitness(server, `${EVERYTHING}&interval=100ms`);
      await Promise.all(readers.map((reader) => reader.until('a gap', isGap)));
      await witness.until('20 events', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq > 20);
      const upTo = positionOf(witness.cursor as string).seq;
      const isLater = (seen: Seen) =>
        isOfTheLog(seen) && positionOf(seen.id).epoch !== before && positionOf(seen.id).seq >= upTo;
      await Promise.all(readers.map((reader) => reader.until('live events', isLater)));
      for (const reader of readers) reader.close();
      const last = Math.max(...readers.map(({ cursor }) => positionOf(cursor as string).seq));
      await witness.until('what they saw', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= last);
      witness.close();

      const reference = toReference(...readers.map(({ seen }) => seen), witness.seen);
      expect(reference.size).toBe(2);
      expect(holesOf(reference)).toEqual([]);
      for (const reader of readers) {
        expect(violations(reader.seen, reference)).toEqual([]);
        expect(reader.events.filter(isGap).map((gap) => dataOf(gap).reason)).toEqual(['restart']);
      }
    } finally {
      for (const reader of readers) reader.close();
      await server.kill();
    }
  });
});
