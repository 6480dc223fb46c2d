import { linuxCollectors } from '@telltale/server/collect';
import { parseEvent } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import {
  edited,
  expectedOf,
  filesOf,
  HOSTS,
  METRICS,
  nothing,
  open,
  see,
  seeSecond,
  turning,
  type Values,
} from './recorded-host.ts';
import { brokenNumbers, countOf, differences, invented, lost, withoutInterval } from './values.ts';

const VALUES = HOSTS.reduce((all, host) => all + countOf(expectedOf(host).events), 0);

const SHARES_OF_A_FILE = Array.from({ length: 100 }, (_, i) => i / 100);
const start = (text: string, share: number) => text.slice(0, Math.floor(text.length * share));
/** Without lines of these a machine has no such group, and a process is about to end: nothing is missing. */
const MAY_LACK_LINES = /^proc\/(?:self\/cgroup|\d+\/status)$/;
const firstLines = (text: string, count: number) => text.split(/^/m).slice(0, count).join('');

/** What has another source, and what may be absent by its meaning: not every driver, and not every user, may know it. */
const OTHERWISE =
  /^(?:batteries\.percent|temperatures\.criticalCelsius|interfaces\.speedBitsPerSecond|by\w+\.(?:read|write)BytesPerSecond|byIo)/;
/** What a thing is at all. Without it there is none. */
const WHAT_IT_IS = /\/(?:type|vendor)$/;

const isNamed = (named: readonly string[]) => (path: string) =>
  named.some((field) => path === field || path.startsWith(`${field}.`));

describe(`${HOSTS.length} recorded hosts with ${VALUES} values`, () => {
  describe.each(HOSTS)('%s', (host) => {
    const { elapsedMs, events, faults, ofInterval } = expectedOf(host);

    it.each(METRICS)('has the %s values that were worked out by other means', async (metric) => {
      const { values, named } = await seeSecond(host, metric);
      expect(differences(metric, values, events[metric])).toEqual([]);
      expect(named).toEqual(faults[metric] ?? []);
    });

    it.each(METRICS)('has the same %s values for one who has looked before', async (metric) => {
      const { files, turn } = turning(open(host, 1));
      const collectors = linuxCollectors(files);
      const before = await collectors[metric].read();
      turn(open(host, 2));
      const { values, named } = await see(collectors, metric, before, elapsedMs);
      expect(differences(metric, values, events[metric])).toEqual([]);
      expect(named).toEqual(faults[metric] ?? []);
    });

    it.each(METRICS)('has gauges but nothing of an interval in its first %s event', async (metric) => {
      const { values } = await see(linuxCollectors(open(host, 2)), metric, null, null);
      const first = withoutInterval(metric, events[metric], ofInterval) as Values | null;
      expect(differences(metric, values, first)).toEqual([]);
    });

    it.each(METRICS)('says nothing else of %s from files of /proc that were cut short anywhere', async (metric) => {
      const whole = await seeSecond(host, metric);
      for (const share of SHARES_OF_A_FILE) {
        const cut = edited(open(host, 2), (text, name) => (name.startsWith('proc/') ? start(text, share) : text));
        const { values } = await seeSecond(host, metric, cut);
        expect(invented(values, whole.values), `cut at ${share}`).toEqual([]);
      }
    });

    it.each(METRICS)(
      'says of %s what the schema allows from any files that were cut short anywhere',
      async (metric) => {
        for (const share of SHARES_OF_A_FILE) {
          const { values } = await seeSecond(
            host,
            metric,
            edited(open(host, 2), (text) => start(text, share)),
          );
          if (values === null) continue;
          expect(brokenNumbers(values)).toEqual([]);
          expect(parseEvent(metric, JSON.stringify({ at: 1, elapsedMs, ...values }))).not.toBeInstanceOf(Error);
        }
      },
    );

    it.each(METRICS)('names by a fault whatever of %s is null when lines are missing', async (metric) => {
      const whole = await seeSecond(host, metric);
      for (let count = 0; count < 60; count++) {
        const cut = edited(open(host, 2), (text, name) =>
          name.startsWith('proc/') && !MAY_LACK_LINES.test(name) ? firstLines(text, count) : text,
        );
        const { values, named } = await seeSecond(host, metric, cut);
        const silent = lost(values, whole.values).filter((path) => !isNamed(named)(path));
        expect(silent, `${count} lines`).toEqual([]);
      }
    });

    it.each(METRICS)('says nothing else of %s and names what is lost when a file may not be read', async (metric) => {
      const whole = await seeSecond(host, metric);
      if (whole.values === null) return;
      for (const refused of await filesOf(host, metric)) {
        const refusal = new Error(`/${refused} may not be read by this user`);
        const files = edited(open(host, 2), (text, name) => (name === refused ? refusal : text));
        const { values, named } = await seeSecond(host, metric, files);
        if (values === null) {
          expect(refused).toMatch(WHAT_IT_IS);
          continue;
        }
        const silent = lost(values, whole.values).filter((path) => !isNamed(named)(path));
        const wrong = [...invented(values, whole.values), ...silent].filter((path) => !OTHERWISE.test(path));
        expect(wrong, refused).toEqual([]);
      }
    });

    it.each(METRICS)('is nobody else: what of %s its files do not hold is null', async (metric) => {
      const { values, named } = await see(linuxCollectors(nothing()), metric, null, null);
      const told = Object.values(values ?? {}).filter((value) => value !== null && (value as []).length !== 0);
      expect(told).toEqual([]);
      if (values) expect(named.length).toBeGreaterThan(0);
    });
  });
});
