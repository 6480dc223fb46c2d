import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import type { Sample } from '../collector.ts';
import { linuxNetwork, type NetworkReading, parseNetDev, parseTcp } from './network.ts';

const recorded = (name: string) =>
  readFileSync(new URL(`../../../../tests/hosts/debian-vm/1/proc/net/${name}`, import.meta.url), 'utf8');
const snmp = recorded('snmp');
const HEADER = recorded('dev').split('\n').slice(0, 2).join('\n');

/** Lines of /proc/net/dev in which every interface has received and sent so many bytes and packets. */
const dev = (counters: Readonly<Record<string, number>>) =>
  [
    HEADER,
    ...Object.entries(counters).map(([name, n]) => `${name}: ${n} ${n} 0 0 0 0 0 0 ${n} ${n} 0 0 0 0 0 0`),
    '',
  ].join('\n');

/** What /sys says of interfaces by kind. */
function sysOf(kinds: Readonly<Record<string, 'physical' | 'virtual'>>) {
  const sys: Record<string, string> = {};
  const links: Record<string, string> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    links[`class/net/${name}`] = `../../devices/${kind === 'virtual' ? 'virtual' : 'pci0000:00'}/net/${name}`;
    sys[`class/net/${name}/type`] = '1\n';
    sys[`class/net/${name}/operstate`] = 'up\n';
  }
  return { sys, links };
}

function look(
  counters: Readonly<Record<string, number>>,
  kinds: Readonly<Record<string, 'physical' | 'virtual'>> = {},
) {
  const { sys, links } = sysOf(kinds);
  return linuxNetwork(
    fakeFiles({ 'net/dev': dev(counters), 'net/snmp': snmp }, sys, links),
  ).read() as Sample<NetworkReading>;
}
const { derive } = linuxNetwork(fakeFiles({}));
const after = (now: Sample<NetworkReading>, before: Sample<NetworkReading>) =>
  derive(now.reading, before.reading, 1_000);

describe('parseNetDev', () => {
  it('reads a recorded file', () => {
    const counters = parseNetDev(recorded('dev')) as ReadonlyMap<string, { rxBytes: number; txPackets: number }>;
    expect([...counters.keys()]).toEqual(['lo', 'ifb0', 'ifb1', 'eth0']);
    expect(counters.get('eth0')).toMatchObject({ rxErrors: 0 });
  });

  it('reads a line whose counter has grown up to its name, as before Linux 2.6', () => {
    expect(parseNetDev(`${HEADER}\neth0:99 1 0 0 0 0 0 0 5 2 0 0 0 0 0 0\n`)).toMatchObject(
      new Map([['eth0', expect.objectContaining({ rxBytes: 99, txBytes: 5 })]]),
    );
  });

  // The last ones begin or end with what JavaScript takes for space, and the kernel for a letter.
  it.each([
    ...['constructor', '__proto__', 'toString', '$(id)', '`id`', '..', "'", '<img>', 'ünï'],
    ...['\ufeffbom', '\u2028line', 'line\u2029', '\u00a0nbsp', 'nbsp\u00a0'],
  ])('takes the name %s for nothing but a name', (name) => {
    const values = derive(look({ lo: 1, [name]: 5 }).reading, null, null);
    expect(values.interfaces.find((each) => each.name === name)).toMatchObject({ rxBytes: 5 });
  });

  it.each([
    ['nothing', ''],
    ['half a header', HEADER.slice(0, 70)],
    ['no interface at all, where loopback always is', `${HEADER}\n`],
    ['a line that stops', `${HEADER}\n  lo: 1 2 3\n`],
    ['a name that stops', `${HEADER}\n  lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n  et`],
    ['words', `${HEADER}\n  lo: a b c d e f g h i j k l m n o p\n`],
    ['numbers that the kernel does not write', `${HEADER}\n  lo: 0x1 1e3 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n`],
    ['negative numbers', `${HEADER}\n  lo: -1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n`],
    ['something else', '{"lo": 5}'],
  ])('refuses %s', (_, text) => expect(parseNetDev(text)).toBeInstanceOf(Error));
});

describe('parseTcp', () => {
  it('finds its numbers by name', () => {
    expect(parseTcp('Ip: A\nIp: 1\nTcp: RetransSegs X CurrEstab\nTcp: 5 6 7\n')).toEqual({
      established: 7,
      retransmits: 5,
    });
  });

  it.each([
    '',
    'Udp: A\nUdp: 1\n',
    'Tcp: CurrEstab RetransSegs\n',
    'Tcp: CurrEstab RetransSegs\nTcp: 5',
    'Tcp: CurrEstab RetransSegs\nTcp: 5 ',
    'Tcp: CurrEstab RetransSegs\nTcp: x y\n',
    'Tcp: CurrEstab\nTcp: 5\n',
    'Tcp: CurrEstab RetransSegs\nTcp: -5 0x10\n',
    // Cut short: there may have been 90 or 900.
    'Tcp: CurrEstab RetransSegs InErrs\nTcp: 5 9',
  ])('refuses %j', (text) => expect(parseTcp(text)).toBeInstanceOf(Error));
});

describe('the network of Linux', () => {
  const mixed = { eth0: 'physical', eth1: 'physical', docker0: 'virtual' } as const;

  it('adds up physical interfaces only: the others carry the same bytes again', () => {
    const before = look({ lo: 0, eth0: 0, eth1: 0, docker0: 0 }, mixed);
    const now = look({ lo: 5_000, eth0: 100, eth1: 20, docker0: 100 }, mixed);
    expect(after(now, before)).toMatchObject({ rxBytesPerSecond: 120, txBytesPerSecond: 120, totalOf: 'physical' });
  });

  it('adds up all but loopback where nothing is physical, and says so', () => {
    const kinds = { eth0: 'virtual', tun0: 'virtual' } as const;
    const values = after(look({ lo: 900, eth0: 100, tun0: 50 }, kinds), look({ lo: 0, eth0: 0, tun0: 0 }, kinds));
    expect(values).toMatchObject({ rxBytesPerSecond: 150, totalOf: 'all' });
  });

  it('moves nothing with nothing but loopback', () => {
    expect(after(look({ lo: 9 }), look({ lo: 0 }))).toMatchObject({ rxBytesPerSecond: 0, totalOf: 'all' });
    expect(derive(look({ lo: 9 }).reading, null, null).rxBytesPerSecond).toBeNull();
  });

  it('gives no rate for a counter that went back, marks it, and goes on from there', () => {
    const [first, second, third] = [1_000, 10, 60].map((n) => look({ lo: 0, eth0: n }, mixed));
    const [reset] = after(second as never, first as never).interfaces;
    expect(reset).toMatchObject({ name: 'eth0', reset: true, rxBytesPerSecond: null, txPacketsPerSecond: null });
    expect(after(second as never, first as never).rxBytesPerSecond).toBeNull();
    const [next] = after(third as never, second as never).interfaces;
    expect(next).toMatchObject({ reset: false, rxBytesPerSecond: 50 });
  });

  it('drops an interface that vanished and starts afresh when it is back', () => {
    const [with_, without] = [look({ lo: 0, eth0: 10, eth1: 70 }, mixed), look({ lo: 0, eth0: 20 }, mixed)];
    expect(after(without, with_).interfaces.map(({ name }) => name)).toEqual(['eth0', 'lo']);
    expect(after(without, with_).rxBytesPerSecond).toBe(10);
    const [, back] = after(with_, without).interfaces;
    expect(back).toMatchObject({ name: 'eth1', rxBytesPerSecond: null, reset: false, rxBytes: 70 });
  });

  it.each<readonly [string, number | null]>([
    ['1000', 1_000_000_000],
    // Unknown is -1, which some kernels write as a number without a sign.
    ...['-1', '65535', '4294967295', '', 'fast', '0x10', '1e3', '9'.repeat(20)].map((text) => [text, null] as const),
  ])('takes a speed of %j for %j', (speed, expected) => {
    const { sys, links } = sysOf({ eth0: 'physical' });
    const told = { ...sys, 'class/net/eth0/speed': `${speed}\n` };
    const { reading } = linuxNetwork(
      fakeFiles({ 'net/dev': dev({ eth0: 1 }) }, told, links),
    ).read() as Sample<NetworkReading>;
    expect(derive(reading, null, null).interfaces[0]?.speedBitsPerSecond).toBe(expected);
  });

  it.each([
    ['up\n', '0x1003\n', true],
    ['down\n', '0x1003\n', false],
    ['dormant\n', '0x1003\n', false],
    ['unknown\n', '0x1003\n', true],
    ['unknown\n', '0x1002\n', false],
    ['unknown\n', undefined, null],
    ['unknown\n', 'on\n', null],
    [undefined, '0x1003\n', null],
  ])('takes a state of %j with flags %j for up: %j', (operstate, flags, up) => {
    const { sys, links } = sysOf({ eth0: 'physical' });
    const told = { ...sys, 'class/net/eth0/operstate': operstate, 'class/net/eth0/flags': flags };
    const present = Object.fromEntries(Object.entries(told).filter(([, text]) => text !== undefined)) as typeof sys;
    const { reading, faults } = linuxNetwork(
      fakeFiles({ 'net/dev': dev({ eth0: 1 }), 'net/snmp': snmp }, present, links),
    ).read() as Sample<NetworkReading>;
    expect(derive(reading, null, null).interfaces[0]?.up).toBe(up);
    expect(faults.map(({ fields }) => fields)).toEqual(up === null ? [['interfaces.up']] : []);
  });

  it('says null and why where /sys knows nothing of an interface', () => {
    const { reading, faults } = look({ lo: 1, eth0: 1 });
    expect(faults).toEqual([
      {
        fields: ['interfaces.kind', 'interfaces.up', 'interfaces.speedBitsPerSecond'],
        reason: 'class/net/eth0 is not in /sys',
      },
    ]);
    const [eth0, lo] = derive(reading, null, null).interfaces;
    expect(eth0).toMatchObject({ kind: null, up: null });
    expect(lo?.kind).toBe('loopback');
  });

  it('never lets a name out of its directory', () => {
    const asked: string[] = [];
    const files = fakeFiles({ 'net/dev': dev({ lo: 1, '..': 1, 'a/b': 1 }), 'net/snmp': snmp });
    const sys = (name: string) => {
      asked.push(name);
      return files.sys(name);
    };
    expect(linuxNetwork({ ...files, sys }).read()).not.toBeInstanceOf(Promise);
    expect(asked.every((name) => name.startsWith('class/net/lo/'))).toBe(true);
  });

  it('shows no more interfaces than it can bear, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`veth${i}`, 1]));
    const { reading, faults } = look({ lo: 1, ...many });
    expect(derive(reading, null, null).interfaces).toHaveLength(512);
    expect(faults.map(({ reason }) => reason)).toContain('601 interfaces: only the first 512 are shown');
  });
});
