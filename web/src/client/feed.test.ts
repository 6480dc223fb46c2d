import { type AnyEvent, isMetricName, METRIC_NAMES, type MetricName, parseCursor } from '@telltale/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeBrowser, type FakeTab } from '../testing-browser.ts';
import { Feed } from './feed.ts';
import { Sequence } from './sequence.ts';

/** A tab with a reader that checks every event as it comes: in order, once, and nothing left out but for a gap. */
class Reader {
  readonly tab: FakeTab;
  readonly feed: Feed;
  readonly seen = new Map<MetricName, number>();
  readonly gaps: string[] = [];
  readonly problems: string[] = [];
  /** Of each metric the position before the next event; absent where any event may come. */
  readonly #expected = new Map<MetricName, number>();
  metrics: readonly MetricName[];
  gone = false;
  suspended = false;

  constructor(browser: FakeBrowser, metrics: readonly MetricName[], cursor: string | null, hidden = false) {
    this.metrics = metrics;
    this.tab = browser.tab();
    this.tab.page.hidden = hidden;
    this.#expect(metrics, cursor);
    const sequence = new Sequence(cursor);
    const options = { base: 'http://nas:7411/', token: null, metrics, sequence };
    this.feed = new Feed({ ...options, onEvent: (event) => this.#take(event), onStatus: () => {} }, this.tab);
  }

  /** `since`: where the history of what is new ends. */
  widen(metrics: readonly MetricName[], since: string | null = null): void {
    const added = metrics.filter((name) => !this.metrics.includes(name));
    this.metrics = [...this.metrics, ...added];
    const known = since?.split('.')[0] === this.feed.cursor?.split('.')[0];
    this.#expect(added, known ? since : this.feed.cursor);
    this.feed.select(this.metrics, since);
  }

  leave(): void {
    this.gone = true;
    this.feed.close();
  }

  crash(): void {
    this.gone = true;
    this.tab.crash();
  }

  suspend(yes: boolean): void {
    if (yes === this.suspended) return;
    this.suspended = yes;
    this.tab.page.signal(yes ? 'suspended' : 'resumed');
  }

  get leads(): boolean {
    return !this.gone && this.feed.leads;
  }

  #expect(metrics: readonly MetricName[], cursor: string | null): void {
    const place = cursor === null ? null : parseCursor(cursor);
    if (place) for (const name of metrics) this.#expected.set(name, Number(place.epoch.slice(1)) * 1e6 + place.seq);
  }

  #take(event: AnyEvent): void {
    if (event.name === 'gap') {
      this.gaps.push(event.data.reason);
      this.#expected.clear();
    }
    if (!isMetricName(event.name)) return;
    const { at } = event.data as { at: number };
    if (!this.metrics.includes(event.name)) this.problems.push(`${event.name} was not asked for`);
    if (at <= (this.seen.get(event.name) ?? 0)) this.problems.push(`${event.name} ${at} came again`);
    const before = this.#expected.get(event.name);
    if (before !== undefined && at - before > METRIC_NAMES.length) {
      this.problems.push(`between ${before} and ${at} of ${event.name} something is missing`);
    }
    this.seen.set(event.name, at);
    this.#expected.set(event.name, at);
  }
}

const ALL = [...METRIC_NAMES];

async function dashboards(count: number) {
  const browser = new FakeBrowser();
  browser.publish();
  const tabs: Reader[] = [];
  for (let i = 0; i < count; i++) {
    tabs.push(new Reader(browser, ALL, browser.cursor));
    await browser.world.pass(300);
  }
  await browser.live(2);
  return { browser, tabs };
}

const wholeness = (tabs: readonly Reader[]) => ({
  problems: tabs.flatMap(({ problems }) => problems),
  gaps: tabs.flatMap(({ gaps }) => gaps),
});
const WHOLE = { problems: [], gaps: [] };
const newest = (tabs: readonly Reader[]) => new Set(tabs.map(({ seen }) => seen.get('cpu')));

describe('the tabs of a browser', () => {
  it('share one connection, and all of them are live', async () => {
    const { browser, tabs } = await dashboards(20);
    expect(browser.open).toHaveLength(1);
    expect(tabs.map(({ feed }) => feed.status.state)).toEqual(Array(20).fill('live'));
    expect(newest(tabs).size).toBe(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('share one connection when all of them are opened at once, as a browser does that is started again', async () => {
    const browser = new FakeBrowser();
    browser.publish();
    const tabs = Array.from({ length: 20 }, () => new Reader(browser, ALL, browser.cursor));
    await browser.live(4);
    expect(browser.open).toHaveLength(1);
    expect(tabs.filter(({ leads }) => leads)).toHaveLength(1);
    expect(newest(tabs).size).toBe(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it.each([200, 400, 1_000])('share one connection in a browser so busy that a message takes %i ms', async (ms) => {
    const browser = new FakeBrowser();
    browser.messageMs = ms;
    browser.publish();
    const tabs = [new Reader(browser, ALL, browser.cursor)];
    await browser.live(5);
    for (let i = 0; i < 5; i++) tabs.push(new Reader(browser, ALL, browser.cursor));
    await browser.live(10);
    expect(tabs.map(({ feed }) => feed.status.state)).toEqual(Array(6).fill('live'));
    expect(browser.open).toHaveLength(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('say little to each other', async () => {
    const browser = new FakeBrowser();
    browser.publish();
    const tabs = Array.from({ length: 10 }, () => new Reader(browser, ['cpu'], browser.cursor));
    await browser.live(5);
    const before = { ...browser.posted };
    await browser.live(40);
    const since = (kind: keyof typeof before) => (browser.posted[kind] ?? 0) - (before[kind] ?? 0);
    expect(since('news')).toBe(40);
    expect([since('welcome'), since('wait'), since('leave'), since('resign')]).toEqual([0, 0, 0, 0]);
    expect(since('here')).toBeLessThanOrEqual(tabs.length * 40);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('wait with one connection for a server that is not there yet', async () => {
    const browser = new FakeBrowser();
    browser.down = true;
    browser.world.refuse = () => null;
    const tabs = Array.from({ length: 6 }, () => new Reader(browser, ALL, null));
    await browser.live(3);
    expect(tabs.map(({ feed }) => feed.status.state)).toEqual(Array(6).fill('retrying'));
    browser.down = false;
    await browser.live(20);
    expect(browser.world.streams).toHaveLength(1);
    expect(newest(tabs).size).toBe(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('try again with a new tab what was refused to the others', async () => {
    const browser = new FakeBrowser();
    browser.publish();
    browser.world.refuse = () => Response.json({ detail: 'unknown token' }, { status: 401 });
    const tabs = [new Reader(browser, ALL, null), new Reader(browser, ALL, null)];
    await browser.world.pass(5_000);
    expect(tabs.map(({ feed }) => feed.status.detail)).toEqual(['unknown token', 'unknown token']);
    tabs.push(new Reader(browser, ALL, null));
    await browser.live(4);
    expect(tabs.map(({ feed }) => feed.status.state)).toEqual(['live', 'live', 'live']);
    expect(browser.open).toHaveLength(1);
    expect(newest(tabs).size).toBe(1);
  });

  it('go on at once, and without a hole, when the leader is closed', async () => {
    const { browser, tabs } = await dashboards(5);
    tabs[0]?.suspend(true);
    await browser.world.pass(300);
    expect(browser.open).toHaveLength(1);
    await browser.live(2);
    expect(newest(tabs.slice(1)).size).toBe(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('go on within 3 s, and without a hole, when the leader crashes', async () => {
    const { browser, tabs } = await dashboards(5);
    tabs[0]?.crash();
    browser.publish();
    await browser.world.pass(3_000);
    expect(browser.open).toHaveLength(1);
    await browser.live(1);
    expect(newest(tabs.slice(1)).size).toBe(1);
    expect(tabs.slice(1).map(({ feed }) => feed.status.state)).toEqual(Array(4).fill('live'));
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('read the union of what they need, widened where the stream is', async () => {
    const browser = new FakeBrowser();
    browser.publish();
    const cpu = new Reader(browser, ['cpu'], browser.cursor);
    await browser.live(2);
    const memory = new Reader(browser, ['memory'], browser.cursor);
    await browser.live(3);
    expect(browser.open).toHaveLength(1);
    expect(browser.open[0]?.url).toContain('cpu%2Cmemory');
    memory.widen(['network']);
    await browser.live(3);
    expect(browser.open).toHaveLength(1);
    expect(newest([cpu]).size).toBe(1);
    expect(memory.seen.get('network')).toBe((cpu.seen.get('cpu') ?? 0) + 2);
    expect(wholeness([cpu, memory])).toEqual(WHOLE);
  });

  it('bring a tab up to date that stands behind, from the leader or from the server', async () => {
    const { browser, tabs } = await dashboards(2);
    const cursor = browser.cursor;
    await browser.live(20);
    const opened = browser.world.streams.length;
    const near = new Reader(browser, ALL, cursor);
    await browser.world.pass(300);
    expect(browser.world.streams).toHaveLength(opened);
    expect(newest([...tabs, near]).size).toBe(1);
    await browser.live(100);
    const far = new Reader(browser, ALL, cursor);
    await browser.live(2);
    expect(browser.world.streams).toHaveLength(opened + 1);
    expect(browser.open).toHaveLength(1);
    expect(newest([...tabs, near, far]).size).toBe(1);
    expect(wholeness([...tabs, near, far])).toEqual(WHOLE);
  });

  it('give a tab that asks for the newest the newest', async () => {
    const { browser, tabs } = await dashboards(2);
    const late = new Reader(browser, ALL, null);
    await browser.world.pass(300);
    expect(newest([...tabs, late]).size).toBe(1);
    await browser.live(2);
    expect(browser.open).toHaveLength(1);
    expect(wholeness([...tabs, late])).toEqual(WHOLE);
  });

  it('are told of a gap once each, and of whose stream it is', async () => {
    const { browser, tabs } = await dashboards(4);
    browser.restart();
    await browser.live(6);
    expect(tabs.map(({ gaps }) => gaps)).toEqual(Array(4).fill(['restart']));
    const stored = new Reader(browser, ALL, 'e1.1');
    await browser.live(2);
    expect(stored.gaps).toEqual(['restart']);
    expect(wholeness(tabs).gaps).toHaveLength(4);
    expect(browser.open).toHaveLength(1);
  });

  it('drop the connection when nobody has seen any of them for a minute, and go on without a hole', async () => {
    const { browser, tabs } = await dashboards(3);
    for (const { tab } of tabs.slice(1)) tab.page.signal('hidden');
    await browser.live(70);
    expect(browser.open).toHaveLength(1);
    tabs[0]?.tab.page.signal('hidden');
    await browser.live(55);
    expect(browser.open).toHaveLength(1);
    await browser.live(10);
    expect(browser.open).toHaveLength(0);
    expect(tabs.map(({ feed }) => feed.status.state)).toEqual(Array(3).fill('paused'));
    await browser.live(60);
    tabs[2]?.tab.page.signal('shown');
    await browser.live(2);
    expect(browser.open).toHaveLength(1);
    expect(newest(tabs).size).toBe(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('are led by one that is seen, since timers of hidden pages hardly run', async () => {
    const { browser, tabs } = await dashboards(3);
    tabs[0]?.tab.page.signal('hidden');
    await browser.live(15);
    expect(tabs.map(({ leads }) => leads).indexOf(true)).toBeGreaterThan(0);
    expect(browser.open).toHaveLength(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
  });

  it('take a leader for dead neither after a sleep nor because nothing happens', async () => {
    const { browser, tabs } = await dashboards(3);
    await browser.world.sleep(20_000);
    await browser.world.pass(8_000);
    expect(tabs.map(({ leads }) => leads)).toEqual([true, false, false]);
    expect(browser.world.streams).toHaveLength(1);
  });

  it('come back from the back/forward cache where they were', async () => {
    const { browser, tabs } = await dashboards(1);
    tabs[0]?.suspend(true);
    await browser.live(5);
    expect(browser.open).toHaveLength(0);
    tabs[0]?.suspend(false);
    await browser.live(1);
    expect(wholeness(tabs)).toEqual(WHOLE);
    expect(browser.world.stream.headers['last-event-id']).toBeDefined();
  });

  it('have a connection each for another token, and where there is no way to the others', async () => {
    const browser = new FakeBrowser();
    const base = { base: 'http://nas:7411/', metrics: ALL, onEvent: () => {}, onStatus: () => {} };
    new Feed({ ...base, token: 'a' }, browser.tab());
    new Feed({ ...base, token: 'b' }, browser.tab());
    new Feed({ ...base, token: 'a' }, browser.world);
    await browser.live(2);
    expect(browser.open).toHaveLength(3);
    expect([...browser.members].map(({ name }) => name).join()).toMatch(
      /^telltale:1:[0-9a-f]{16},telltale:1:[0-9a-f]{16}$/,
    );
  });
});

const anyNeeds = fc.subarray(ALL, { minLength: 1 });
const anyPlace = fc.constantFrom('newest' as const, 'now' as const, 'earlier' as const);
const who = fc.nat(7);
const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('live' as const), seconds: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 600 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('open' as const),
      needs: anyNeeds,
      at: anyPlace,
      hidden: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('leave', 'crash', 'suspend', 'resume'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('hide', 'show', 'deaf'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('widen' as const), who, needs: anyNeeds, since: anyPlace }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), bytes: fc.nat(2_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'sleep') }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

async function play(steps: readonly Step[], capacity: number, messageMs: number): Promise<void> {
  const browser = new FakeBrowser(capacity);
  browser.messageMs = messageMs;
  const tabs: Reader[] = [];
  let earlier = browser.cursor;
  browser.publish();
  for (const step of steps) {
    const cursors = { newest: null, now: browser.cursor, earlier };
    const reader = 'who' in step ? tabs[step.who % Math.max(1, tabs.length)] : undefined;
    if ('needs' in step && step.kind === 'open') {
      if (tabs.length < 8) tabs.push(new Reader(browser, step.needs, cursors[step.at], step.hidden));
      earlier = browser.cursor;
    } else if ('seconds' in step) await browser.live(step.seconds);
    else if ('ms' in step) await browser.world.pass(step.ms);
    else if ('bytes' in step) browser.publish(step.bytes);
    else if (step.kind === 'restart') browser.restart();
    else if (step.kind === 'sleep') await browser.world.sleep(40_000);
    else if (!reader || reader.gone) continue;
    else if (step.kind === 'leave') reader.leave();
    else if (step.kind === 'crash') reader.crash();
    else if (step.kind === 'suspend') reader.suspend(true);
    else if (step.kind === 'resume') reader.suspend(false);
    else if (step.kind === 'hide') reader.tab.page.signal('hidden');
    else if (step.kind === 'deaf') reader.tab.deafUntil = browser.world.now() + 700;
    else if (step.kind === 'show') reader.tab.page.signal('shown');
    else if ('needs' in step) reader.widen(step.needs, cursors[step.since]);
  }
  const left = tabs.filter(({ gone }) => !gone);
  for (const reader of left) {
    reader.suspend(false);
    reader.tab.page.signal('shown');
  }
  await browser.live(45);
  expect(tabs.flatMap(({ problems }) => problems)).toEqual([]);
  if (left.length === 0) return;
  expect(browser.open, 'one connection').toHaveLength(1);
  expect(
    left.filter(({ leads }) => leads),
    'one leader',
  ).toHaveLength(1);
  const end = parseCursor(browser.cursor);
  for (const { seen, metrics } of left) {
    for (const name of metrics) {
      const at = Number(end?.epoch.slice(1)) * 1e6 + (end?.seq ?? 0) - (ALL.length - 1 - ALL.indexOf(name));
      expect(seen.get(name), name).toBe(at);
    }
  }
}

describe('every tab', () => {
  it('gets every event it asked for once and in order, or a gap, whatever becomes of the tabs and the server', async () => {
    const steps = fc.array(anyStep, { maxLength: 40, size: 'max' });
    const [capacity, messageMs] = [fc.constantFrom(30, 10_000), fc.constantFrom(2, 2, 600)];
    await fc.assert(fc.asyncProperty(steps, capacity, messageMs, play));
  });
});
