import type { PlayCall } from '../config.ts';
import { createLogger } from '../logger.ts';
import { openPlayback } from '../recording/playback.ts';
import { openRecording } from '../recording/read-recording.ts';
import { serve } from './serve.ts';
import { refuseExposure, whoReads } from './who-reads.ts';
import type { World } from './world.ts';

/** `telltale play`: a recording is served in the place of the machine. */
export async function play({ config, operands: [file = ''], options }: PlayCall, world: World): Promise<void> {
  const { clock, stderr, fail } = world;
  // Who may not serve it need not wait until it is read.
  refuseExposure(whoReads(config, world).exposure);
  const recording = await openRecording(file);
  const logger = createLogger(config['log-level'], (line) => stderr.write(line), clock.now);
  const { speed, at: position } = options;
  const onEnd = () => logger.info('the recording has ended', { ...recording.reader.skipped });
  if (recording.reader.newer) logger.warn('a newer version wrote this recording: some of it may not be shown');
  await serve(config, world, openPlayback({ recording, clock, speed, position, onEnd, onError: fail }));
}
