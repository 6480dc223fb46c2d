import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isNetwork, Proxies, readForwarded } from './proxies.ts';

const request = (remoteAddress: string, headers: Record<string, string>) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

describe('a trusted proxy', () => {
  it.each(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0'])('may be %s', (text) =>
    expect(isNetwork(text)).toBe(true),
  );
  it.each(['', 'nas', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '::1/129', '10.0.0.0/8/8', '10.0.0.0/-1', '127.1'])(
    'may not be "%s"',
    (text) => expect(isNetwork(text)).toBe(false),
  );

  const proxies = new Proxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
  it.each<[string, string, string]>([
    ['127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['fd00::1', '2001:db8::9', '2001:db8::9'],
    // The rightmost that is none of ours: what is left of it anybody may have written.
    ['127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '198.51.100.1, 203.0.113.9, 10.9.9.9', '203.0.113.9'],
    ['127.0.0.1', '127.0.0.1, 10.1.1.1', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9,', '127.0.0.1'],
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9:1234', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['::1', '198.51.100.1', '::1'],
  ])('at %s that forwards for "%s" speaks for %s', (peer, header, address) => {
    expect(readForwarded(request(peer, { 'x-forwarded-for': header }), proxies).address).toBe(address);
  });

  it('says the host and the scheme, the last it was told of each', () => {
    const headers = { 'x-forwarded-host': 'evil.example, nas.example', 'x-forwarded-proto': 'HTTPS' };
    const seen = readForwarded(request('127.0.0.1', headers), proxies);
    expect(seen).toMatchObject({ byProxy: true, host: 'nas.example', scheme: 'https' });
    expect(readForwarded(request('203.0.113.1', headers), proxies)).toMatchObject({
      ...{ byProxy: false, host: null, scheme: null },
    });
  });

  it('is nobody unless one was named', () => {
    expect(new Proxies([]).has('127.0.0.1')).toBe(false);
  });
});
