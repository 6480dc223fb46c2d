import type { Host } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Sampler, SamplerOptions } from '../collect/sampler.ts';
import { createPlayer, type Player, type Position } from './player.ts';
import type { OpenRecording } from './read-recording.ts';

export interface PlaybackOptions {
  readonly recording: OpenRecording;
  readonly clock: Clock;
  readonly speed: number;
  readonly position: Position | null;
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/** A recording in the place of the machine. */
export interface Playback {
  readonly provider: 'recording';
  /** Tells the time in the recording. */
  readonly clock: Clock;
  readonly recording: NonNullable<Host['telltale']['recording']>;
  readonly host: () => Omit<Host, 'telltale'>;
  openSampler(told: Pick<SamplerOptions, 'emit'>): Sampler;
  hangs(): boolean;
  close(): void;
}

export function openPlayback({ recording, clock, speed, ...options }: PlaybackOptions): Playback {
  const { head, events } = recording;
  let player: Player | null = null;
  return {
    provider: 'recording',
    clock: { ...clock, now: () => player?.now ?? head.from ?? head.recordedAt },
    recording: { recordedAt: head.recordedAt, speed },
    host: () => head.host,
    openSampler({ emit }) {
      player = createPlayer({ head, events, clock, speed, emit, ...options });
      return player;
    },
    hangs: () => false,
    close: () => void events.return(undefined),
  };
}
