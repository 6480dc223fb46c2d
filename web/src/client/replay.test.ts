import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld } from '../testing.ts';
import { loaded, recordedCpu, recordedMounts } from '../testing-recording.ts';
import { Replay } from './replay.ts';
import { acquireSource } from './sources.ts';

const BEGIN = 1_600_000_000_500;
let world: FakeWorld;
let replay: Replay;

beforeEach(async () => {
  world = new FakeWorld();
  const events = Array.from({ length: 60 }, (_, i) => recordedCpu(BEGIN + i * 1_000, i));
  events.splice(0, 0, recordedMounts(BEGIN - 4_000, ['/']));
  events.splice(30, 0, { name: 'gap', data: { from: null, to: 1, reason: 'slow' } });
  replay = new Replay(await loaded(events), world);
});

/** What an element sees: it asks anew for where the recording is after each jump. */
function look() {
  const { source, release } = acquireSource(replay.base, null);
  source.need({ metrics: ['filesystem'], series: ['cpu.usage'] });
  return { source, release, usage: () => source.latest('cpu')?.usage ?? null };
}
const settled = async (ms = 100) => {
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await world.pass(ms / 10);
  }
};

describe('a replay', () => {
  it('lets events come as far apart as they were', async () => {
    const { usage, source } = look();
    await settled();
    expect(source.latest('filesystem')?.mounts.map(({ name }) => name)).toEqual(['/']);
    replay.play();
    await settled(10_000);
    expect(usage()).toBeGreaterThanOrEqual(5);
    expect(usage()).toBeLessThanOrEqual(7);
    expect(source.now).toBe(BEGIN + (usage() ?? 0) * 1_000);
    expect(source.status.state).toBe('live');
  });

  it('stands still while it is paused, and nothing of it gets old', async () => {
    const { usage, source } = look();
    replay.play();
    await settled(8_000);
    replay.pause();
    await settled();
    const before = usage();
    await settled(60_000);
    expect([usage(), source.status.state, source.silentMs]).toEqual([before, 'live', 0]);
    replay.play();
    await settled(2_000);
    expect(usage()).toBeGreaterThan(before ?? 0);
  });

  it('is as much faster as is wished, and stops at its end', async () => {
    const { usage } = look();
    replay.setSpeed(60);
    replay.play();
    await settled(2_000);
    expect([usage(), replay.playing, replay.ended]).toEqual([59, false, true]);
    replay.play();
    await settled(100);
    expect(replay.offset).toBeLessThan(20_000);
    expect(replay.playing).toBe(true);
  });

  it('jumps to where nothing is known of later, with the past filled in', async () => {
    const first = look();
    await settled();
    const before = replay.base;
    replay.seek(40_000);
    await settled();
    expect(replay.base).not.toBe(before);
    const { usage, source } = look();
    // What the other showed is there at once.
    expect(usage()).toBe(36);
    expect(source.points('cpu.usage')?.times.length).toBe(37);
    replay.seek(20_000);
    await settled();
    expect(look().usage()).toBe(16);
    expect(first.usage()).not.toBe(16);
  });

  it('heeds the last of many wishes', async () => {
    look();
    await settled();
    for (let i = 1; i <= 50; i++) replay.seek(i * 1_000);
    expect(replay.offset).toBe(50_000);
    await settled(300);
    expect([replay.offset, look().usage()]).toEqual([50_000, 46]);
  });

  it('goes no further than it reaches', async () => {
    look();
    await settled();
    replay.seek(-5);
    await settled();
    expect(replay.offset).toBe(0);
    replay.seek(1e12);
    await settled();
    expect([replay.offset, replay.ended, look().usage()]).toEqual([63_000, true, 59]);
  });

  it('leaves nothing behind when it is closed', async () => {
    look();
    replay.play();
    await settled();
    let told = 0;
    replay.subscribe(() => told++);
    replay.close();
    await settled(5_000);
    expect(told).toBe(0);
  });
});
