import { execFileSync } from 'node:child_process';

/** Of iproute2. */
const IP = 'ip';
const ip = (...args: string[]) => execFileSync(IP, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Another machine, as far as the network can tell: a namespace with one line to this one. */
export interface Namespace {
  /** The address of this machine on the line. */
  readonly address: string;
  /** What runs a command there. */
  readonly command: readonly [string, ...string[]];
  /** Pulls the plug. Nothing is told to anybody. */
  unplug(): void;
  remove(): void;
}

/** Makes one, or says why that is not possible here. It is gone when this process ends, whatever happens. */
export function makeNamespace(): Namespace | string {
  if (process.platform !== 'linux') return 'only Linux has network namespaces';
  if (process.getuid?.() !== 0) return 'only root may make a network namespace';
  const name = `telltale-${process.pid}`;
  // At most 15 characters.
  const [here, there] = [`tt${process.pid}h`, `tt${process.pid}t`];
  // Reserved for tests of networks (RFC 2544): nobody's real address.
  const network = `198.18.${process.pid % 256}`;
  const quietly = (...args: string[]) => {
    try {
      ip(...args);
    } catch {
      // It was not there, or is gone already.
    }
  };
  const remove = () => {
    quietly('link', 'del', here);
    quietly('netns', 'del', name);
  };
  process.once('exit', remove);
  try {
    ip('netns', 'add', name);
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    ip('addr', 'add', `${network}.1/30`, 'dev', here);
    ip('link', 'set', here, 'up');
    ip('-n', name, 'addr', 'add', `${network}.2/30`, 'dev', there);
    ip('-n', name, 'link', 'set', there, 'up');
  } catch (error) {
    remove();
    return `ip cannot make a network namespace here: ${(error as Error).message.split('\n').join(' ')}`;
  }
  return {
    address: `${network}.1`,
    command: [IP, 'netns', 'exec', name],
    // The far end: the address of this one must stay.
    unplug: () => void ip('-n', name, 'link', 'set', there, 'down'),
    remove,
  };
}
