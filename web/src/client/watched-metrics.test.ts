import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, hello } from '../testing.ts';
import { Source } from './source.ts';

let world: FakeWorld;
let source: Source;

beforeEach(() => {
  world = new FakeWorld();
  source = new Source({ base: 'http://nas:7411/', token: null }, world);
});

const asked = () => world.streams.map(({ url }) => new URL(url).searchParams.get('metrics'));
const cpu = () => source.need({ metrics: ['cpu'], series: [] });

async function open(...metrics: string[]): Promise<void> {
  await world.pass(200);
  await world.stream.send(hello(metrics, { at: world.now() }));
}

describe('a metric that is read while somebody looks', () => {
  it('is asked for together with the others', async () => {
    cpu();
    source.watch('process');
    await open('cpu', 'process');
    expect(asked()).toEqual(['cpu,process']);
  });

  it('is let go of when nobody has looked for a while, and read again when somebody does', async () => {
    cpu();
    const end = source.watch('process');
    await open('cpu', 'process');
    end();
    end();
    await world.pass(9_000);
    expect(asked()).toHaveLength(1);
    await world.pass(2_000);
    expect(asked()).toEqual(['cpu,process', 'cpu']);
    await world.stream.send(hello(['cpu'], { at: world.now() }));
    source.watch('process');
    await world.pass(200);
    expect(asked().at(-1)).toBe('cpu,process');
    await world.stream.send(hello(['cpu', 'process'], { at: world.now() }));
    // It was not waited for all this time.
    expect(source.lacks('process')).toBe(false);
  });

  it('stays while another looks, and when somebody looks again soon', async () => {
    cpu();
    const end = source.watch('process');
    const other = source.watch('process');
    await open('cpu', 'process');
    end();
    await world.pass(20_000);
    other();
    await world.pass(5_000);
    source.watch('process');
    await world.pass(20_000);
    expect(asked().every((metrics) => metrics === 'cpu,process')).toBe(true);
  });

  it('stays where it is needed for a line', async () => {
    source.need({ metrics: [], series: ['process.count'] });
    source.watch('process')();
    await open('process');
    await world.pass(20_000);
    expect(asked().every((metrics) => metrics === 'process')).toBe(true);
  });

  it('alone leaves no stream behind, and has one again', async () => {
    const end = source.watch('process');
    await open('process');
    const first = world.stream;
    end();
    await world.pass(11_000);
    expect(first.aborted()).toBe(true);
    const before = world.streams.length;
    await world.pass(30_000);
    expect(world.streams).toHaveLength(before);
    source.watch('process');
    await open('process');
    expect(source.status.state).toBe('live');
    expect(asked().at(-1)).toBe('process');
  });
});
