import { isMetricName, METRIC_NAMES, type MetricName, PROTOCOL, parseSeries, seriesValue } from '@telltale/shared';
import type { World } from '../client/index.ts';
import { platformWorld } from '../client/world.ts';
import { madeUp } from './made-up.ts';

/** How a server may be doing, as an element has to show it. */
export const STATES = ['live', 'loading', 'late', 'stale', 'offline', 'refused', 'empty', 'faulty'] as const;
export type State = (typeof STATES)[number];

const TICK_MS = 1_000;
/** What is about to go wrong goes well for so many seconds. */
const GOOD_TICKS = 2;
/** As a server says, though it is heard with every tick: a page that stands still for seconds must not think it dead. */
const HEARTBEAT_MS = 15_000;

/** Where everything stops, so that two photographs are one; `null` lets it go on. */
const frozen = new URLSearchParams(location.search).get('at');
const now = () => (frozen === null ? Date.now() : Number(frozen));

const json = (body: object, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

const epoch = 'gallery';
const host = () => ({
  id: 'gallery',
  name: 'gallery',
  os: { name: 'Debian GNU/Linux', version: '13', kernel: '6.12.0', arch: 'x64' },
  cpu: { model: 'Made Up 8', cores: 4, threads: 8 },
  memory: { totalBytes: 2 ** 34 },
  bootAt: now() - 86_400_000,
  timezone: 'UTC',
  telltale: { version: '0.0.0', protocol: PROTOCOL, startedAt: now() - 3_600_000 },
});

function historyOf(query: URLSearchParams): object {
  const from = Number(query.get('from')) || now() + Number((query.get('from') ?? '-300s').replace('s', '')) * 1_000;
  const to = Number(query.get('to')) || now();
  const points = Number(query.get('points') ?? 300);
  const stepMs = Math.max(1_000, Math.ceil((to - from) / points / 1_000) * 1_000);
  const times: number[] = [];
  for (let end = Math.ceil(from / stepMs) * stepMs; end <= to; end += stepMs) times.push(end);
  const series: Record<string, object> = {};
  for (const asked of (query.get('series') ?? '').split(',')) {
    const parsed = parseSeries(asked);
    if (parsed instanceof Error) continue;
    const prefix = asked.replace(/\*$/, '');
    const event = madeUp(parsed.metric, to);
    const list = event[parsed.path[0]];
    const names =
      parsed.allInstances && Array.isArray(list) ? list.map(({ name }) => `${prefix}${encodeName(name)}`) : [asked];
    for (const name of names) {
      const own = parseSeries(name);
      if (own instanceof Error) continue;
      // A hole, as every machine has one some day.
      const hole = (i: number) => i > times.length * 0.3 && i < times.length * 0.36;
      const avg = times.map((at, i) => (hole(i) ? null : seriesValue(madeUp(own.metric, at), own)));
      const spread = (share: number) => avg.map((value) => (value === null ? null : value * share));
      series[name] = stepMs > 1_000 ? { avg, min: spread(0.8), max: spread(1.15), last: avg } : { avg };
    }
  }
  return { cursor: `${epoch}.0`, from, to, stepMs, times, series };
}

const encodeName = (name: string) =>
  name.replace(/[,*%]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Blocks of a stream, as the state has it. */
function streamOf(state: State, metrics: readonly MetricName[], signal: AbortSignal | null | undefined): Response {
  const encoder = new TextEncoder();
  let seq = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (name: string, data: object, id = `${epoch}.${seq.toString(36)}`) =>
        controller.enqueue(encoder.encode(`event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`));
      const paces = Object.fromEntries(metrics.map((metric) => [metric, TICK_MS]));
      send('hello', {
        ...{ protocol: PROTOCOL, version: '0.0.0', epoch, host: { id: 'gallery', name: 'gallery' } },
        ...{ heartbeatMs: HEARTBEAT_MS, resumed: false, metrics: paces, at: now() },
      });
      if (state === 'faulty') {
        seq++;
        send('fault', {
          metric: 'cpu',
          fields: [],
          reason: '/proc/stat may not be read by this user',
          since: now(),
          cleared: false,
        });
      }
      let ticks = 0;
      const tick = () => {
        if (signal?.aborted) return;
        send('heartbeat', { at: now() });
        if (state === 'empty' || (state === 'late' && ticks >= GOOD_TICKS) || (frozen !== null && ticks > 0)) return;
        ticks++;
        for (const metric of metrics) {
          seq++;
          send(metric, state === 'faulty' ? blank(madeUp(metric, now())) : madeUp(metric, now()));
        }
        if (state === 'stale' && ticks >= GOOD_TICKS) {
          clearInterval(timer);
          controller.error(new Error('lost'));
        }
      };
      tick();
      timer = setInterval(tick, TICK_MS);
      signal?.addEventListener('abort', () => clearInterval(timer));
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** What could not be read is absent. */
const blank = (event: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(event).map(([name, value]) => [name, name === 'at' ? value : Array.isArray(value) ? [] : null]),
  );

/** A server that is in a state, as the client sees it: by what it answers. */
export function worldOf(state: State): World {
  let lost = false;
  return {
    ...platformWorld,
    now,
    openChannel: null,
    async fetch(url, { signal }) {
      if (state === 'loading') return new Promise<Response>(() => {});
      if (state === 'offline' || lost) throw new TypeError('no answer');
      if (state === 'refused') return json({ detail: 'a token is needed, and this one is not known' }, 401);
      const { pathname, searchParams } = new URL(url);
      const metrics = (searchParams.get('metrics') ?? '').split(',').filter(isMetricName);
      if (pathname.endsWith('/api/host')) return json(host());
      if (pathname.endsWith('/api/snapshot')) {
        const known = state === 'empty' || state === 'faulty' ? [] : METRIC_NAMES;
        return json({ cursor: null, events: Object.fromEntries(known.map((name) => [name, madeUp(name, now())])) });
      }
      if (pathname.endsWith('/api/history')) {
        const none = state === 'empty' || state === 'faulty';
        return json(
          none ? { cursor: null, from: 0, to: 0, stepMs: 1_000, times: [], series: {} } : historyOf(searchParams),
        );
      }
      if (state === 'stale') setTimeout(() => (lost = true), GOOD_TICKS * TICK_MS);
      return streamOf(state, metrics, signal);
    },
  };
}
