import type { Sampler } from '../collect/sampler.ts';
import { EXIT } from '../errors.ts';
import type { Sessions } from '../guard/sessions.ts';
import type { HistoryThread } from '../history/thread.ts';
import type { Logger } from '../logger.ts';
import type { Listener } from '../server.ts';
import type { Broadcast } from '../stream/broadcast.ts';
import type { Subject } from './machine.ts';
import type { World } from './world.ts';

/** What runs while a server serves, as far as it has to be ended. */
export interface Running {
  readonly subject: Pick<Subject, 'hangs' | 'close'>;
  readonly sampler: Pick<Sampler, 'stop'>;
  readonly broadcast: Pick<Broadcast, 'size' | 'close'>;
  readonly history: Pick<HistoryThread, 'close'>;
  readonly sessions: Pick<Sessions, 'close'>;
  readonly server: Pick<Listener, 'close' | 'cut'>;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

type ShutdownWorld = Pick<World, 'clock' | 'onSignal' | 'dieOf' | 'exit'>;

/** Streams get this long to take the goodbye before they are cut; longer when they are so many that it is spread. */
const DRAIN_MS = 1_000;
const DRAIN_MANY_MS = 4_000;
const MANY = 50;
/** The last of the history gets this long to be stored. */
const CLOSE_MS = 500;
/** A signal this long after the first is a second wish, not the same one. */
const AGAIN_MS = 300;

/** Ends what runs when a signal asks for it, and the process with it. */
export function endAtSignal(running: Running, { clock, onSignal, dieOf, exit }: ShutdownWorld): void {
  const { subject, sampler, broadcast, history, sessions, server, logger } = running;
  let stoppingSince: number | null = null;
  onSignal((signal) => {
    if (stoppingSince !== null) {
      // Who asks again does not want to wait; but Ctrl-C under npm arrives twice at once.
      if (clock.monotonic() - stoppingSince > AGAIN_MS) exit(EXIT.ok);
      return;
    }
    stoppingSince = clock.monotonic();
    logger.info('stopping', { signal, subscribers: broadcast.size });
    sampler.stop();
    const drainMs = broadcast.size > MANY ? DRAIN_MANY_MS : DRAIN_MS;
    broadcast.close();
    // What was seen last is kept, however long readers take; a disk that hangs is not waited for.
    const storedHistory = history.close().catch((error: Error) => logger.error('history', { message: error.message }));
    const kept = Promise.all([storedHistory, sessions.close()]);
    const finish = async () => {
      await Promise.race([kept, new Promise((resolve) => clock.after(CLOSE_MS, () => resolve(null)))]);
      subject.close();
      if (subject.hangs()) dieOf(signal);
      exit(EXIT.ok);
    };
    server.close(() => void finish());
    clock.after(drainMs, () => server.cut());
    clock.after(drainMs + DRAIN_MS / 2, () => void finish());
  });
}
