import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeInstance, formatSeries, instancesOf, parseSeries, type Series, seriesValue } from './series.ts';

function parsed(text: string): Series {
  const series = parseSeries(text);
  if (series instanceof Error) throw series;
  return series;
}
const problem = (text: string) => (parseSeries(text) as Error).message;
const name = fc
  .string({
    unit: fc.oneof(fc.constantFrom(',', '*', '%', ':', '.', '/', '\0', '\x7f', '%2C', '\ud800'), fc.string()),
    minLength: 1,
  })
  .filter((each) => each !== '');

describe('a series name', () => {
  it('is read as it was written, for every name that a machine may have', () => {
    fc.assert(
      fc.property(name, (instance) => {
        const text = formatSeries('network', ['interfaces', 'rxBytesPerSecond'], instance);
        expect(parsed(text)).toMatchObject({ path: ['interfaces', 'rxBytesPerSecond'], instance, allInstances: false });
        // A list of names is split at its commas, and control characters have no place in a URL.
        expect(text.slice(text.indexOf(':') + 1)).not.toMatch(/[,*\p{Cc}]/u);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['constructor', '__proto__', 'toString', '*', '%', '%2A', 'a:b', '/mnt/a b', '$(id)'])(
    'holds the machine’s name %j',
    (instance) => expect(parsed(formatSeries('cpu', ['cores', 'usage'], instance)).instance).toBe(instance),
  );

  it('stays readable where it can', () => {
    expect(encodeInstance('/home/a b é')).toBe('/home/a b é');
    expect(encodeInstance('50%,*\n')).toBe('50%25%2C%2A%0A');
  });

  it('may be of a field, of a group, of a member or of all members', () => {
    expect(parsed('cpu.usage')).toMatchObject({ metric: 'cpu', path: ['usage'], instance: null, allInstances: false });
    expect(parsed('network.tcp.established')).toMatchObject({ path: ['tcp', 'established'], instance: null });
    expect(parsed('cpu.cores.usage:0')).toMatchObject({ path: ['cores', 'usage'], instance: '0' });
    expect(parsed('cpu.cores.usage:*')).toMatchObject({ instance: null, allInstances: true });
    expect(parsed('cpu.usage').meta).toMatchObject({ unit: 'percent', max: 100 });
  });

  it.each([
    ['', 'unknown series ""'],
    ['cpu', 'unknown series'],
    ['cpu.', 'unknown series'],
    ['cpu.nothing', 'cpu has cpu.usage'],
    ['disk.busy', 'unknown series'],
    ['cpu.cores', 'unknown series'],
    ['cpu.cores.name:0', 'unknown series'],
    ['cpu.usage.user', 'unknown series'],
    ['cpu.cores.usage.more:0', 'unknown series'],
    ['cpu.at', 'unknown series'],
    ['network.totalOf', 'unknown series'],
    ['network.interfaces.up:eth0', 'unknown series'],
    ['constructor.name', 'unknown series'],
    ['__proto__.x', 'unknown series'],
    ['cpu.constructor', 'unknown series'],
    ['cpu.__proto__', 'unknown series'],
    ['cpu.cores.constructor:0', 'unknown series'],
    ['cpu.usage:0', 'has no members'],
    ['network.tcp.established:x', 'has no members'],
    ['cpu.cores.usage', 'needs a member, like "cpu.cores.usage:NAME"'],
    ['cpu.cores.usage:', 'or "cpu.cores.usage:*" for all'],
    ['cpu.cores.usage:%', 'is not percent-encoded right'],
    ['cpu.cores.usage:%ff', 'is not percent-encoded right'],
  ])('that is wrong, %j, is answered with what is wrong', (text, part) => expect(problem(text)).toContain(part));
});

describe('the value of a series', () => {
  const event = {
    at: 1,
    usage: 5,
    load1: null,
    tcp: { established: 3 },
    cores: [{ name: '0', usage: 1 }, { name: '__proto__', usage: 2 }, { name: '1', usage: Number.NaN }, null, 7],
  };

  it.each([
    ['cpu.usage', 5],
    ['cpu.load1', null],
    ['cpu.idle', null],
    ['cpu.cores.usage:0', 1],
    ['cpu.cores.usage:__proto__', 2],
    ['cpu.cores.usage:1', null],
    ['cpu.cores.usage:9', null],
    ['cpu.cores.idle:0', null],
    ['network.tcp.established', 3],
    ['network.interfaces.rxBytes:eth0', null],
    ['memory.cgroup.usedBytes', null],
  ])('%s is %j', (text, value) => expect(seriesValue(event, parsed(text))).toBe(value));

  it('is there for every member that * stands for', () => {
    expect(instancesOf(event, parsed('cpu.cores.usage:*'))).toEqual(['0', '__proto__', '1']);
    expect(instancesOf({}, parsed('cpu.cores.usage:*'))).toEqual([]);
  });
});
