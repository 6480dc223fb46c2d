import { afterEach, expect, it } from 'vitest';
import { News } from './news.ts';
import { platformWorld, type World } from './world.ts';

/** Frames that come when they are called, and a clock that is moved by hand. */
function worldOf() {
  const world = { now: 0, frames: 0 };
  const waiting = new Set<() => void>();
  const own: World = {
    ...platformWorld,
    now: () => world.now,
    nextFrame: (run) => {
      waiting.add(run);
      return () => waiting.delete(run);
    },
  };
  /** One frame, and all that it leads to. */
  const frame = async () => {
    world.frames++;
    const runs = [...waiting];
    waiting.clear();
    for (const run of runs) run();
    await new Promise(setImmediate);
  };
  return { world, frame, news: new News(own) };
}

const reported: unknown[] = [];
const report = (error: unknown) => reported.push(error);

afterEach(() => {
  process.off('unhandledRejection', report);
  reported.length = 0;
});

it('tells all once, however much there is to tell', async () => {
  const { news, frame } = worldOf();
  const told: string[] = [];
  news.subscribe(() => told.push('a'));
  news.subscribe(() => told.push('b'));
  for (let i = 0; i < 5; i++) news.tell();
  await frame();
  expect(told).toEqual(['a', 'b']);
});

it('goes on in the next frame when one was long', async () => {
  const { world, news, frame } = worldOf();
  const frames: number[] = [];
  for (let i = 0; i < 3; i++) {
    news.subscribe(() => {
      frames.push(world.frames);
      world.now += 20;
    });
  }
  news.tell();
  for (let i = 0; i < 4; i++) await frame();
  expect(frames).toEqual([1, 2, 3]);
});

it('tells the others when one fails, and all of them the next time', async () => {
  process.on('unhandledRejection', report);
  const { news, frame } = worldOf();
  let heard = 0;
  news.subscribe(() => {
    throw new Error('one that fails');
  });
  news.subscribe(() => {
    heard++;
  });
  news.tell();
  await frame();
  news.tell();
  await frame();
  expect(heard).toBe(2);
  expect(reported.map(String)).toEqual(['Error: one that fails', 'Error: one that fails']);
});
