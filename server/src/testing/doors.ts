import type { Clock } from '../clock.ts';
import type { Mode } from '../guard/admit.ts';
import { Attempts } from '../guard/attempts.ts';
import { Connections } from '../guard/connections.ts';
import type { GuardOptions } from '../guard/guard.ts';
import { servedHosts } from '../guard/hosts.ts';
import { Keyring } from '../guard/keyring.ts';
import { Presence } from '../guard/presence.ts';
import { Proxies } from '../guard/proxies.ts';
import type { SessionRouteOptions } from '../guard/session-route.ts';
import { Sessions } from '../guard/sessions.ts';
import { Tickets } from '../guard/tickets.ts';

export interface DoorOptions {
  readonly clock: Clock;
  readonly mode?: Mode;
  /** Where tokens are; `null` for none. */
  readonly folder?: string | null;
  readonly origins?: readonly string[];
  readonly proxies?: readonly string[];
  readonly userHeader?: string | null;
  readonly basePath?: string;
  readonly told?: (message: string, fields: Readonly<Record<string, string>>) => void;
}

/** What decides who is let in, as `main.ts` puts it together. */
export function openDoors(options: DoorOptions) {
  const {
    clock,
    mode = 'open',
    folder = null,
    origins = [],
    proxies = [],
    userHeader = null,
    basePath = '/',
  } = options;
  const keyring = new Keyring({ folder, adminFile: '', clock, onTrouble: () => {} });
  const presence = new Presence(keyring, clock);
  const guard: GuardOptions = {
    hosts: servedHosts('127.0.0.1', ['nas.local']),
    origins: new Set(origins),
    scheme: 'http',
    proxies: new Proxies(proxies),
    async tokenOrigins() {
      await keyring.refresh();
      return keyring.origins;
    },
  };
  const admission: SessionRouteOptions = {
    ...{ mode, keyring, presence, userHeader, basePath },
    sessions: new Sessions(clock),
    tickets: new Tickets(clock),
    attempts: new Attempts(clock),
    instance: 'test',
    tell: options.told ?? (() => {}),
  };
  const connections = new Connections({ total: 100, perAddress: 100 }, () => false);
  return { guard, admission, presence, keyring, connections };
}
