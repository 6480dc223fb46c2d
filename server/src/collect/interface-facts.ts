import type { HostFiles } from './linux/files.ts';

/** What /sys says of an interface. */
export interface InterfaceFacts {
  readonly kind: 'physical' | 'virtual' | 'loopback' | null;
  readonly up: boolean | null;
  readonly speedBitsPerSecond: number | null;
}

/** ARPHRD_LOOPBACK of if_arp.h, IFF_UP of if.h. */
const TYPE_LOOPBACK = 772;
const FLAG_UP = 1;
/** The link's state is read at every look; the rest anew when that changes, and every so many looks in any case. */
const LOOKS_BETWEEN = 30;

const UNKNOWN: InterfaceFacts = { kind: null, up: null, speedBitsPerSecond: null };

interface Known {
  readonly state: string | null;
  readonly facts: InterfaceFacts;
  looks: number;
}

/**
 * Reads /sys/class/net (Documentation/ABI/testing/sysfs-class-net). Its files are slow to open, and some drivers ask the
 * hardware for the speed, so what rarely changes is kept. Bounded by the names that are asked for.
 */
export class InterfaceFactsReader {
  readonly #files: HostFiles;
  #known = new Map<string, Known>();

  constructor(files: HostFiles) {
    this.#files = files;
  }

  /** The facts of these interfaces; what was known of others is forgotten. A name is only ever one path segment. */
  read(names: Iterable<string>): ReadonlyMap<string, InterfaceFacts> {
    const known = new Map<string, Known>();
    const facts = new Map<string, InterfaceFacts>();
    for (const name of names) {
      if (name === '' || name === '.' || name === '..' || name.includes('/')) {
        facts.set(name, UNKNOWN);
        continue;
      }
      const state = this.#text(name, 'operstate');
      const before = this.#known.get(name);
      const fresh = before !== undefined && before.state === state && before.looks < LOOKS_BETWEEN;
      const now = fresh ? before : { state, facts: this.#readAll(name, state), looks: 0 };
      now.looks++;
      known.set(name, now);
      facts.set(name, now.facts);
    }
    this.#known = known;
    return facts;
  }

  #readAll(name: string, state: string | null): InterfaceFacts {
    const target = this.#files.sysLink(`class/net/${name}`);
    const place = target instanceof Error ? null : target.includes('/virtual/net/') ? 'virtual' : 'physical';
    const megabits = Number(this.#text(name, 'speed') ?? -1);
    const switchedOn = (Number(this.#text(name, 'flags') ?? 0) & FLAG_UP) !== 0;
    const isLoopback = Number(this.#text(name, 'type')) === TYPE_LOOPBACK;
    return {
      // The kernel names the loopback device `lo` in every namespace, so this holds without /sys too.
      kind: isLoopback || name === 'lo' ? 'loopback' : place,
      up: state === null ? null : state === 'up' || (state === 'unknown' && switchedOn),
      speedBitsPerSecond: megabits > 0 ? megabits * 1_000_000 : null,
    };
  }

  #text(name: string, file: string): string | null {
    const text = this.#files.sys(`class/net/${name}/${file}`);
    return text instanceof Error ? null : text.trim();
  }
}
