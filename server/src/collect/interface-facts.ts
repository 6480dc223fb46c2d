import type { Clock } from '../clock.ts';
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
/** SPEED_UNKNOWN of ethtool.h, -1, as kernels wrote it that took it for a number without a sign of 16 or 32 bits. */
const UNKNOWN_MEGABITS = [65_535, 4_294_967_295];
/** The link's state is read once a second at most. */
const STATE_MS = 950;
/** The rest is read anew when that changes, and every so many times in any case. */
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
  readonly #clock: Pick<Clock, 'monotonic'> | undefined;
  #known = new Map<string, Known>();
  #facts: ReadonlyMap<string, InterfaceFacts> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;

  /** Without a clock everything is read at every look. */
  constructor(files: HostFiles, clock?: Pick<Clock, 'monotonic'>) {
    this.#files = files;
    this.#clock = clock;
  }

  /** The facts of these interfaces; what was known of others is forgotten. A name is only ever one path segment. */
  read(names: readonly string[]): ReadonlyMap<string, InterfaceFacts> {
    const now = this.#clock?.monotonic() ?? Number.POSITIVE_INFINITY;
    const isSame = names.length === this.#facts.size && names.every((name) => this.#facts.has(name));
    if (isSame && now - this.#readAt < STATE_MS) return this.#facts;
    this.#readAt = now;
    this.#facts = this.#look(names);
    return this.#facts;
  }

  #look(names: readonly string[]): ReadonlyMap<string, InterfaceFacts> {
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
    const speed = this.#text(name, 'speed') ?? '';
    const megabits = /^\d{1,10}$/.test(speed) && !UNKNOWN_MEGABITS.includes(Number(speed)) ? Number(speed) : 0;
    const flags = this.#text(name, 'flags');
    const isSwitchedOn = flags !== null && /^0x[0-9a-f]+$/.test(flags) ? (Number(flags) & FLAG_UP) !== 0 : null;
    const isLoopback = Number(this.#text(name, 'type')) === TYPE_LOOPBACK;
    return {
      // The kernel names the loopback device `lo` in every namespace, so this holds without /sys too.
      kind: isLoopback || name === 'lo' ? 'loopback' : place,
      // Drivers that do not watch their link leave it at "unknown".
      up: state === null ? null : state === 'unknown' ? isSwitchedOn : state === 'up',
      speedBitsPerSecond: megabits > 0 ? megabits * 1_000_000 : null,
    };
  }

  #text(name: string, file: string): string | null {
    const text = this.#files.sysOnce(`class/net/${name}/${file}`);
    return text instanceof Error ? null : text.trim();
  }
}
