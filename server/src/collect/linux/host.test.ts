import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import { openHostFiles } from './files.ts';
import { parseCpuinfo, parseOsRelease, readLinuxHost } from './host.ts';

const recorded = (host: string) => new URL(`../../../../tests/hosts/${host}/1/`, import.meta.url).pathname;
const filesOf = (host: string) => openHostFiles(`${recorded(host)}proc`, `${recorded(host)}sys`);

const thread = (n: number, socket: number, core: number) =>
  `processor\t: ${n}\nmodel name\t: Some  CPU @ 2 GHz\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;

describe('parseCpuinfo', () => {
  it('counts a core once, however many threads it has, and the same number on two sockets twice', () => {
    const text = [thread(0, 0, 0), thread(1, 0, 0), thread(2, 0, 1), thread(3, 1, 0)].join('\n');
    expect(parseCpuinfo(text)).toEqual({ model: 'Some  CPU @ 2 GHz', cores: 3, threads: 4 });
  });

  it('takes threads for cores where the kernel does not tell them apart, as on ARM', () => {
    expect(readLinuxHost(filesOf('odd'), null).cpu).toEqual({
      model: 'Raspberry Pi 4 Model B Rev 1.4',
      cores: 3,
      threads: 3,
    });
  });

  it.each(['', 'nonsense', '\0'])('knows nothing from %j', (text) => {
    expect(parseCpuinfo(text)).toEqual({ model: null, cores: null, threads: null });
  });
});

it.each([
  ['NAME="Debian GNU/Linux"\nVERSION_ID="12"\n', { name: 'Debian GNU/Linux', version: '12' }],
  ["NAME='Alpine Linux'\nVERSION_ID=3.20.1\n", { name: 'Alpine Linux', version: '3.20.1' }],
  ['NAME="Arch Linux"\nPRETTY_NAME="x"\n', { name: 'Arch Linux', version: null }],
  ['', { name: null, version: null }],
])('reads os-release %j', (text, expected) => expect(parseOsRelease(text)).toEqual(expected));

describe('readLinuxHost', () => {
  it('knows a recorded machine by its files alone', () => {
    const host = readLinuxHost(filesOf('debian-vm'), null);
    expect(host).toMatchObject({
      name: 'debian-vm',
      os: { name: null, version: null, arch: null },
      cpu: { model: 'AMD EPYC', cores: 2, threads: 2 },
      timezone: null,
      bootAt: 1_795_405_575_000,
    });
    expect(host.os.kernel).toMatch(/^6\.18/);
    expect(host.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('never shows the machine id itself', () => {
    const own = { machineId: 'deadbeefdeadbeef', osRelease: null, arch: 'x64', timezone: 'Europe/Berlin' };
    const host = readLinuxHost(filesOf('debian-vm'), own);
    expect(JSON.stringify(host)).not.toContain('deadbeef');
    expect(host.id).not.toBe(readLinuxHost(filesOf('debian-vm'), null).id);
  });

  it('is all null without files', () => {
    expect(readLinuxHost(fakeFiles({}), null)).toEqual({
      id: null,
      name: null,
      os: { name: null, version: null, kernel: null, arch: null },
      cpu: { model: null, cores: null, threads: null },
      memory: { totalBytes: null },
      bootAt: null,
      timezone: null,
    });
  });
});
