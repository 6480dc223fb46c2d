import { describe, expect, it } from 'vitest';
import { hostName, isLoopback, servedHosts, urlHost } from './hosts.ts';

describe('hostName', () => {
  it.each([
    ['localhost', 'localhost'],
    ['LocalHost:7411', 'localhost'],
    ['127.0.0.1:80', '127.0.0.1'],
    ['[::1]', '[::1]'],
    ['[::1]:7411', '[::1]'],
    ['[FE80::1]:1', '[fe80::1]'],
    ['nas.local', 'nas.local'],
    ['my_nas-2:65535', 'my_nas-2'],
    ['a', 'a'],
  ])('of %s is %s', (header, name) => expect(hostName(header)).toBe(name));

  it.each([
    ...['', ' ', ':', ':80', 'localhost:', 'localhost:x', 'localhost:123456', 'localhost:80:80', ' localhost'],
    ...[
      'localhost ',
      'user@localhost',
      'http://localhost',
      'localhost/',
      'localhost,evil',
      'localhost\0',
      'localhost\n',
    ],
    ...[
      '::1',
      '[::1',
      '::1]',
      '[::1]x',
      '[localhost]',
      '.localhost',
      'localhost.',
      '-localhost',
      'löcalhost',
      '%6cocalhost',
    ],
  ])('of %j is none', (header) => expect(hostName(header)).toBeNull());
});

it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['', false],
  ['192.168.1.5', false],
  ['127.0.0.1.evil.example', false],
  ['127.evil.example', false],
  ['localhost.evil.example', false],
])('only this machine reaches %s: %s', (host, loopback) => expect(isLoopback(host)).toBe(loopback));

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '[::1]'],
  ['[::1]', '[::1]'],
  ['nas', 'nas'],
])('writes %s in a URL as %s', (host, written) => expect(urlHost(host)).toBe(written));

describe('servedHosts', () => {
  it('are loopback, where it listens, and what is allowed, in lower case', () => {
    expect([...servedHosts('192.168.1.5', ['NAS.local'])]).toEqual([
      'localhost',
      '127.0.0.1',
      '[::1]',
      '192.168.1.5',
      'nas.local',
    ]);
  });

  it.each(['0.0.0.0', '::', '[::]'])('have no name for %s, which is no address that anybody asks for', (host) => {
    expect(servedHosts(host, []).size).toBe(3);
  });
});
