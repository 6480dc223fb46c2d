import { blankValues, metrics } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, hello } from '../testing.ts';
import { loadRecording } from './loaded-recording.ts';
import { fileName, Recorder } from './recorder.ts';

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});

const cpu = (seq: number) => ({
  ...{ event: 'cpu', id: `e.${seq}` },
  data: { at: seq * 1_000, elapsedMs: 1_000, ...blankValues(metrics.cpu.fields), usage: seq },
});
const begin = (more: object = {}) => new Recorder({ base: 'http://nas:7411/', token: null, ...more }, world);

describe('a recorder', () => {
  it('keeps what comes, and makes a file that is read as a recording', async () => {
    const recorder = begin();
    await world.pass(20);
    await world.stream.send(
      hello(['cpu', 'memory']),
      cpu(1),
      { event: 'heartbeat', id: 'e.1', data: { at: 1 } },
      cpu(2),
    );
    await world.stream.send({ event: 'gap', id: 'e.2', data: { from: 2, to: 3, reason: 'slow' } }, cpu(3));
    expect(recorder.events).toBe(4);
    const { name, blob } = await recorder.finish(null);
    expect(name).toMatch(/^telltale-vm-2023-11-1\dT\d\d-\d\d-\d\d\.ndjson\.gz$/);
    const recording = await loadRecording(blob);
    expect(recording.head).toMatchObject({ host: { id: 'h', name: 'vm' }, metrics: { cpu: 1_000, memory: 1_000 } });
    expect(Array.from({ length: 4 }, (_, i) => recording.name(i))).toEqual(['cpu', 'cpu', 'gap', 'cpu']);
    expect(world.stream.aborted()).toBe(true);
  });

  it('goes on while nobody sees the page', async () => {
    begin();
    await world.pass(20);
    await world.stream.send(hello(['cpu']), cpu(1));
    world.page.signal('hidden');
    for (let i = 2; i < 200; i++) {
      await world.pass(1_000);
      await world.stream.send(cpu(i));
    }
    expect(world.stream.aborted()).toBe(false);
  });

  it('ends when it is full, and says so', async () => {
    const recorder = begin({ maxText: 1_000 });
    await world.pass(20);
    await world.stream.send(hello(['cpu']), ...Array.from({ length: 10 }, (_, i) => cpu(i + 1)));
    expect(recorder.full).toBe(true);
    expect(recorder.text).toBeLessThanOrEqual(1_000);
    expect(world.stream.aborted()).toBe(true);
    const recording = await loadRecording((await recorder.finish(null)).blob);
    expect(recording.length).toBe(recorder.events);
  });

  it('of a server that never answered is a recording without events', async () => {
    world.refuse = () => null;
    const recorder = begin();
    await world.pass(20);
    const { name, blob } = await recorder.finish(null);
    expect(name).toMatch(/^telltale-machine-/);
    expect((await loadRecording(blob)).length).toBe(0);
  });
});

describe('the name of the file', () => {
  it.each([
    ['nas', 'nas'],
    ['nas.local', 'nas.local'],
    [null, 'machine'],
    ['../../etc/passwd', 'etc-passwd'],
    ['<img src=x>', 'img-src-x'],
    ['con\u0000\u202egpj', 'con-gpj'],
    ['...', 'machine'],
    ['x'.repeat(500), 'x'.repeat(64)],
  ])('has of the host %j what no file system minds', (host, part) => {
    const name = fileName(host, 1_700_000_000_000);
    expect(name).toMatch(/^telltale-[a-zA-Z0-9.-]+-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.ndjson$/);
    expect(name.startsWith(`telltale-${part}-2023`)).toBe(true);
  });
});
