import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Attempts } from './attempts.ts';
import { Connections } from './connections.ts';
import { cookiePlace, readCookie, writeCookie } from './cookie.ts';
import { type KeptSession, Sessions } from './sessions.ts';
import { TICKET_MS, Tickets } from './tickets.ts';

// What the guard keeps in memory: how long, how many, and what happens beyond that.

const DAY = 86_400_000;

describe('sessions', () => {
  it('last a week unused and a month in all', () => {
    const clock = new FakeClock(0);
    const sessions = new Sessions(clock);
    const [used, unused] = [sessions.begin('browser', 'a'), sessions.begin('browser', 'b')];
    for (let day = 0; day < 29; day++) {
      clock.advance(DAY);
      expect(sessions.find('browser', used)?.tokenId).toBe('a');
    }
    expect(sessions.find('browser', unused)).toBeNull();
    clock.advance(2 * DAY);
    expect(sessions.find('browser', used)).toBeNull();
  });

  it('are of a kind, and end when they are told to', () => {
    const sessions = new Sessions(new FakeClock(0));
    const secret = sessions.begin('frame', 'a');
    expect(sessions.find('browser', secret)).toBeNull();
    expect(sessions.find('frame', secret)).toMatchObject({ tokenId: 'a' });
    sessions.end(secret);
    expect(sessions.find('frame', secret)).toBeNull();
    expect(sessions.find('frame', '')).toBeNull();
  });

  it('are a thousand: beyond that the one that was used least recently ends', () => {
    const sessions = new Sessions(new FakeClock(0));
    const secrets = Array.from({ length: 1_000 }, () => sessions.begin('browser', 'a'));
    sessions.find('browser', secrets[0] as string);
    sessions.begin('browser', 'a');
    expect(sessions.find('browser', secrets[0] as string)).not.toBeNull();
    expect(sessions.find('browser', secrets[1] as string)).toBeNull();
  });
});

describe('sessions that are kept', () => {
  /** Takes what is written, and gives it to the next that reads. */
  function shelf() {
    let rows: readonly (readonly [string, KeptSession])[] = [];
    let writes = 0;
    return {
      read: () => rows,
      async write(sessions: typeof rows) {
        writes++;
        // As a file would: what changes later is not in it.
        rows = structuredClone(sessions);
      },
      writes: () => writes,
    };
  }

  it('are those of before, unless they have ended meanwhile', async () => {
    const clock = new FakeClock(0);
    const kept = shelf();
    const before = new Sessions(clock, kept);
    const [browser, frame] = [before.begin('browser', 'a'), before.begin('frame', 'a')];
    await before.close();
    clock.advance(60 * 60_000);
    const after = new Sessions(clock, kept);
    expect([after.find('browser', browser)?.tokenId, after.find('frame', frame)]).toEqual(['a', null]);
  });

  it('are written at once when there is one more or less, and five minutes later when they were merely used', async () => {
    const clock = new FakeClock(0);
    const kept = shelf();
    const sessions = new Sessions(clock, kept);
    const [one, other] = [sessions.begin('browser', 'a'), sessions.begin('browser', 'a')];
    await sessions.close();
    // The second waited for the first.
    expect(kept.writes()).toBe(2);
    for (let i = 0; i < 100; i++) sessions.find('browser', one);
    await sessions.close();
    expect(kept.writes()).toBe(3);
    for (let i = 0; i < 100; i++) sessions.find('browser', one);
    clock.advance(5 * 60_000);
    await sessions.close();
    expect(kept.writes()).toBe(4);
    sessions.end(other);
    sessions.end(other);
    await sessions.close();
    expect([kept.writes(), kept.read().length, clock.timers]).toEqual([5, 1, 0]);
  });
});

describe('tickets', () => {
  it('are good once, and for half a minute', () => {
    const clock = new FakeClock(0);
    const tickets = new Tickets(clock);
    const [one, late] = [tickets.issue('a'), tickets.issue('b')];
    expect(tickets.take(one)).toBe('a');
    expect(tickets.take(one)).toBeNull();
    clock.advance(TICKET_MS);
    expect(tickets.take(late)).toBeNull();
  });

  it('are a thousand: beyond that the oldest is void', () => {
    const tickets = new Tickets(new FakeClock(0));
    const issued = Array.from({ length: 1_001 }, (_, i) => tickets.issue(`${i}`));
    expect(tickets.take(issued[0] as string)).toBeNull();
    expect(tickets.take(issued[1] as string)).toBe('1');
  });
});

describe('attempts to sign in', () => {
  it('are ten within five minutes, and then have to wait for the rest of them', () => {
    const clock = new FakeClock(0);
    const attempts = new Attempts(clock);
    for (let i = 0; i < 9; i++) attempts.failed('192.0.2.1');
    expect(attempts.waitMs('192.0.2.1')).toBe(0);
    clock.advance(60_000);
    attempts.failed('192.0.2.1');
    expect(attempts.waitMs('192.0.2.1')).toBe(240_000);
    expect(attempts.waitMs('192.0.2.2')).toBe(0);
    clock.advance(240_000);
    expect(attempts.waitMs('192.0.2.1')).toBe(0);
  });

  it('are forgotten by one that worked', () => {
    const attempts = new Attempts(new FakeClock(0));
    for (let i = 0; i < 10; i++) attempts.failed('192.0.2.1');
    attempts.succeeded('192.0.2.1');
    expect(attempts.waitMs('192.0.2.1')).toBe(0);
  });

  it('count for a network of IPv6, where an address is not worth anything', () => {
    const attempts = new Attempts(new FakeClock(0));
    for (let i = 0; i < 10; i++) attempts.failed(`2001:db8::${i}`);
    expect(attempts.waitMs('2001:db8:0:0:ffff::1')).toBeGreaterThan(0);
    expect(attempts.waitMs('2001:db8:0:1::1')).toBe(0);
  });

  it('are remembered of so many addresses and no more', () => {
    const attempts = new Attempts(new FakeClock(0));
    for (let i = 0; i < 10; i++) attempts.failed('192.0.2.1');
    for (let i = 0; i < 4_096; i++) attempts.failed(`10.0.${i >> 8}.${i & 255}`);
    expect(attempts.waitMs('192.0.2.1')).toBe(0);
  });
});

describe('connections', () => {
  it('are limited in all and by address, but for those who speak for many', () => {
    const connections = new Connections({ total: 5, perAddress: 2 }, (address) => address === 'proxy');
    const [first] = [connections.enter('a'), connections.enter('a')];
    expect(connections.enter('a')).toBeNull();
    first?.();
    expect(connections.enter('a')).not.toBeNull();
    for (let i = 0; i < 3; i++) expect(connections.enter('proxy')).not.toBeNull();
    for (const address of ['proxy', 'b']) expect(connections.enter(address)).toBeNull();
  });
});

describe('the cookie', () => {
  const place = cookiePlace('one', '/', false);

  it('is named after the instance, for its path, and under TLS for its host alone', () => {
    expect(place.name).not.toBe(cookiePlace('two', '/', false).name);
    expect(cookiePlace('one', '/', true).name).toBe(`__Host-${place.name}`);
    expect(writeCookie(cookiePlace('one', '/x/', true), 's')).toMatch(
      /^__Secure-telltale-\w+=s; Path=\/x\/; HttpOnly; SameSite=Strict; Secure; Max-Age=2592000$/,
    );
    expect(writeCookie(place, null)).toMatch(/=; .*; Max-Age=0$/);
  });

  it.each([
    [`${place.name}=s`, 's'],
    [`a=b; ${place.name}=s; c=d`, 's'],
    [`a=b;${place.name}=s`, 's'],
    [`x${place.name}=s`, null],
    [`${place.name}x=s`, null],
    ['', null],
    [undefined, null],
    [`${'a=b; '.repeat(70)}${place.name}=s`, null],
  ])('is read from %j', (header, value) => expect(readCookie(header, place)).toBe(value));
});
