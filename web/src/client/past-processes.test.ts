import { describe, expect, it } from 'vitest';
import { FakeWorld } from '../testing.ts';
import { PastProcesses } from './past-processes.ts';

const MINUTE = 60_000;
const AT = 1_700_000_040_000;

function open(respond: (url: string) => Response | null) {
  const world = new FakeWorld();
  const asked: string[] = [];
  let changes = 0;
  world.respond = (url) => {
    asked.push(url.replace(/^.*\?at=/, ''));
    return respond(url);
  };
  const past = new PastProcesses(world, { base: 'http://nas/', token: null }, () => changes++);
  return { past, asked, changes: () => changes, pass: (ms: number) => world.pass(ms) };
}

const top = (name: string) => () => Response.json({ at: AT, byCpu: [{ name }], byMemory: [], byIo: [] });

describe('the processes of the past', () => {
  it('are asked for where somebody stays, once for each minute', async () => {
    const { past, asked, changes, pass } = open(top('stress-ng'));
    for (let i = 0; i < 5; i++) {
      expect(past.at(AT + i * MINUTE)).toBeUndefined();
      await pass(20);
    }
    expect(asked).toEqual([]);
    await pass(200);
    expect(asked).toEqual([`${AT + 4 * MINUTE}`]);
    expect(past.at(AT + 4 * MINUTE + 5_000)).toMatchObject({ byCpu: [{ name: 'stress-ng' }] });
    expect([asked.length, changes()]).toEqual([1, 1]);
  });

  it('are known not to be, where none were recorded', async () => {
    const { past, asked, pass } = open(() => Response.json({}, { status: 404 }));
    past.at(AT);
    await pass(200);
    expect(past.at(AT)).toBeNull();
    await pass(200);
    expect(asked).toHaveLength(1);
  });

  it('are asked for again where the server could not answer', async () => {
    const { past, asked, pass } = open(() => null);
    past.at(AT);
    await pass(200);
    expect(past.at(AT)).toBeUndefined();
    await pass(200);
    expect(asked).toHaveLength(2);
  });

  it('are kept for some minutes alone', async () => {
    const { past, asked, pass } = open(top('a'));
    for (let i = 0; i < 70; i++) {
      past.at(AT + i * MINUTE);
      await pass(200);
    }
    past.at(AT);
    await pass(200);
    expect(asked).toHaveLength(71);
  });
});
