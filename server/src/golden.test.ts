import type { DecodedBlock } from '@telltale/shared';
import { expect, it } from 'vitest';
import { collector } from './collect/collector.ts';
import { type HostFiles, openHostFiles } from './collect/linux/files.ts';
import { readLinuxHost } from './collect/linux/host.ts';
import { linuxCollectors } from './collect/linux/index.ts';
import { createSampler } from './collect/sampler.ts';
import { type OwnCost, selfCollector } from './collect/self.ts';
import { NO_REPORT } from './history/report.ts';
import { openPipeline, type Pipeline } from './pipeline.ts';
import { parseSelection } from './stream/selection.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { FakeSink } from './testing/fake-sink.ts';

// One whole session, pinned byte for byte: what readers of a recorded machine are sent from its first event to the
// goodbye. `npm run golden` writes the text anew; what a change of it means is then read in the diff.

const HOST = 'laptop';
const TEXT = `../../tests/golden/${HOST}.txt`;
/** Halfway between two seconds, where ticks are kept. */
const STARTED_AT = Date.UTC(2027, 0, 15, 8) + 500;

/** The recorded files: its first look, from some moment on its second, and a file that may be gone for a while. */
function recordedHost() {
  const looks = ['1', '2'].map((look) => {
    const { pathname } = new URL(`../../tests/hosts/${HOST}/${look}/`, import.meta.url);
    return openHostFiles(`${pathname}proc`, `${pathname}sys`);
  });
  const state = { look: 0, gone: '' };
  const files = new Proxy(looks[0] as HostFiles, {
    get(_, method: keyof HostFiles) {
      const own = looks[state.look] as HostFiles;
      if (method !== 'proc') return own[method];
      return (name: string) => (name === state.gone ? new Error(`/proc/${name} does not exist`) : own.proc(name));
    },
  });
  return { files, state };
}

/** JSON as it was sent, but for line breaks and indents: one thing of a list on a line. */
function layOut(json: string): string {
  const lines = json.replace(/\[\{/g, '[\n  {').replace(/\},\{/g, '},\n  {').replace(/\}\],/g, '}],\n').split('\n');
  const text = lines.flatMap((line) => line.match(/.{1,110}(?:,(?=")|$)|.+?(?:,(?=")|$)/g) ?? []).join('\n      ');
  expect(text.replace(/\n */g, '')).toBe(json);
  return text;
}

const FIELDS = ['retry', 'event', 'id'] as const;

function toText(block: DecodedBlock): string {
  const fields = FIELDS.flatMap((field) => (block[field] === undefined ? [] : `${field}: ${block[field]}`));
  return [...fields, ...(block.data === undefined ? [] : [`data: ${layOut(block.data)}`])].join('\n');
}

/** A session under way: what happened and what readers were sent is written down as it comes. */
function openSession() {
  const clock = new FakeClock(STARTED_AT);
  const host = recordedHost();
  const { id, name } = readLinuxHost(host.files, null);
  let cpuUs = 0;
  const ownCost = (): OwnCost => {
    cpuUs += 2_000;
    return { cpuUs, residentBytes: 64_000_000, history: NO_REPORT, ...pipeline.cost() };
  };
  const self = collector<'self', OwnCost>(selfCollector(ownCost));
  const pipeline: Pipeline = openPipeline({
    clock,
    random: () => 0.5,
    openSampler: (told) =>
      createSampler({ clock, collectors: { ...linuxCollectors(host.files), self }, base: 1_000, ...told }),
    epoch: 'golden',
    version: '0.0.0',
    host: () => ({ id, name }),
    kernelSockets: () => new Map(),
    onFault: () => {},
    record: () => {},
  });
  const text: string[] = [];
  const readers = new Map<string, FakeSink>();
  const seconds = () => `${(clock.monotonic() / 1_000).toFixed(1)} s`;

  /** Writes down what was sent, once what takes time has come to its end. */
  async function settle() {
    await new Promise(setImmediate);
    for (const [who, sink] of readers) {
      for (const block of sink.take()) {
        cursors.set(who, block.id ?? cursors.get(who) ?? '');
        text.push(toText(block).replace(/^/gm, `${who}> `), '');
      }
    }
  }
  const cursors = new Map<string, string>();

  return {
    ...pipeline,
    clock,
    machine: host.state,
    say: (what: string) => text.push(`# ${seconds()}: ${what}`, ''),
    cursorOf: (who: string) => cursors.get(who) ?? '',
    async pass(ms: number) {
      clock.advance(ms);
      await settle();
    },
    async join(who: string, query: string) {
      text.push(`# ${seconds()}: "${who}" reads /api/stream${query}`, '');
      const asked = new URLSearchParams(query);
      const [metrics, interval] = ['metrics', 'interval'].map((name) => asked.get(name) ?? undefined);
      const sink = new FakeSink();
      const selection = parseSelection(metrics, interval, pipeline.sampler.paceOf);
      const membership = pipeline.broadcast.join(sink, selection, asked.get('cursor'));
      readers.set(who, sink);
      await settle();
      return {
        leave() {
          membership.leave();
          readers.delete(who);
        },
      };
    },
    settle,
    text: () => text.join('\n'),
  };
}

it('is the stream of a whole session, byte for byte', async () => {
  const session = openSession();
  const { clock, machine, say, pass, join } = session;
  say('the server starts');
  session.sampler.start();
  const all = await join('all', '');
  const paced = await join('paced', '?metrics=cpu&interval=5s');
  const top = await join('top', '?metrics=process');
  say('the machine is at its second look');
  machine.look = 1;
  await pass(1_000);
  all.leave();
  await pass(1_000);
  top.leave();
  await pass(3_000);
  paced.leave();

  const memory = await join('memory', '?metrics=memory');
  say('/proc/meminfo vanishes');
  machine.gone = 'meminfo';
  await pass(1_000);
  await pass(1_000);
  say('it is there again');
  machine.gone = '';
  await pass(1_000);
  say('the machine sleeps for an hour');
  clock.sleep(3_600_000);
  await pass(1_000);
  say('somebody sets the clock back by two hours');
  clock.jump(-7_200_000);
  await pass(1_000);
  await pass(1_000);
  say('the connection of "memory" is cut for two seconds');
  memory.leave();
  await pass(2_000);
  const again = await join('memory', `?metrics=memory&cursor=${session.cursorOf('memory')}`);
  await pass(1_000);
  again.leave();
  const stranger = await join('stranger', '?metrics=memory&cursor=another.1');
  stranger.leave();

  await join('quiet', '?metrics=filesystem&interval=60s');
  await pass(16_000);
  say('the server stops');
  session.sampler.stop();
  session.broadcast.close();
  await session.settle();
  await expect(session.text()).toMatchFileSnapshot(TEXT);
});
