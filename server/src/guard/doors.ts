import type { Clock } from '../clock.ts';
import { Attempts } from './attempts.ts';
import { type ConnectionLimits, Connections } from './connections.ts';
import type { GuardOptions } from './guard.ts';
import { Presence } from './presence.ts';
import { Proxies } from './proxies.ts';
import type { SessionRouteOptions } from './session-route.ts';
import { type SessionShelf, Sessions } from './sessions.ts';
import { Tickets } from './tickets.ts';

export interface DoorOptions
  extends Pick<GuardOptions, 'hosts' | 'scheme'>,
    Pick<SessionRouteOptions, 'mode' | 'keyring' | 'userHeader' | 'basePath' | 'instance' | 'tell'> {
  readonly clock: Clock;
  /** Origins whose pages may read the data. */
  readonly origins: readonly string[];
  /** Addresses and networks of the proxies that are believed. */
  readonly proxies: readonly string[];
  /** Where sessions lie while the server does not run; `null` for nowhere. */
  readonly shelf: SessionShelf | null;
  readonly limits: ConnectionLimits;
}

/** All that decides who is let in. */
export interface Doors {
  readonly guard: GuardOptions;
  readonly admission: SessionRouteOptions;
  readonly presence: Presence;
  readonly sessions: Sessions;
  readonly connections: Connections;
}

/** Puts together what decides who is let in: each connection, each request, and each who shows something. */
export function openDoors(options: DoorOptions): Doors {
  const { clock, hosts, scheme, keyring, mode, userHeader, basePath, instance, tell } = options;
  const proxies = new Proxies(options.proxies);
  const presence = new Presence(keyring, clock);
  const sessions = new Sessions(clock, options.shelf);
  const guard: GuardOptions = {
    ...{ hosts, scheme, proxies },
    origins: new Set(options.origins),
    async tokenOrigins() {
      await keyring.refresh();
      return keyring.origins;
    },
  };
  const admission: SessionRouteOptions = {
    ...{ mode, keyring, presence, sessions, userHeader, basePath, instance, tell },
    tickets: new Tickets(clock),
    attempts: new Attempts(clock),
  };
  const connections = new Connections(options.limits, (address) => proxies.has(address));
  return { guard, admission, presence, sessions, connections };
}
