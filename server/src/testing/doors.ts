import type { Clock } from '../clock.ts';
import { type DoorOptions, type Doors, openDoors as open } from '../guard/doors.ts';
import { servedHosts } from '../guard/hosts.ts';
import { Keyring } from '../guard/keyring.ts';

interface TestedDoors extends Partial<Pick<DoorOptions, 'mode' | 'origins' | 'basePath'>> {
  readonly clock: Clock;
}

/** What decides who is let in where nobody has made a token. */
export const openDoors = ({ clock, mode = 'open', origins = [], basePath = '/' }: TestedDoors): Doors =>
  open({
    ...{ clock, mode, origins, basePath },
    keyring: new Keyring({ folder: null, adminFile: '', clock, onTrouble: () => {} }),
    hosts: servedHosts('127.0.0.1', ['nas.local']),
    scheme: 'http',
    proxies: [],
    userHeader: null,
    instance: 'test',
    shelf: null,
    limits: { total: 100, perAddress: 100 },
    tell: () => {},
  });
