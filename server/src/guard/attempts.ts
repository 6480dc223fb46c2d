import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.ts';

/** So many wrong tokens from one address within this time, and it has to wait until the time is over. */
const MOST = 10;
const WITHIN_MS = 5 * 60_000;
/** Addresses that are remembered; beyond them the oldest may try again. */
const MAX_ADDRESSES = 4_096;

interface Record {
  failures: number;
  readonly since: number;
}

/** Counts who tried to sign in and could not. */
export class Attempts {
  readonly #records = new Map<string, Record>();
  readonly #clock: Pick<Clock, 'monotonic'>;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** How long an address has to wait before it may try, in ms; 0 when it need not. */
  waitMs(address: string): number {
    const record = this.#records.get(keyOf(address));
    if (!record) return 0;
    const left = record.since + WITHIN_MS - this.#clock.monotonic();
    return record.failures >= MOST && left > 0 ? left : 0;
  }

  failed(address: string): void {
    const key = keyOf(address);
    const now = this.#clock.monotonic();
    const record = this.#records.get(key);
    if (record && now - record.since < WITHIN_MS) {
      record.failures++;
      return;
    }
    this.#records.delete(key);
    if (this.#records.size >= MAX_ADDRESSES) this.#records.delete(this.#records.keys().next().value ?? '');
    this.#records.set(key, { failures: 1, since: now });
  }

  succeeded(address: string): void {
    this.#records.delete(keyOf(address));
  }
}

/** Of IPv6 whoever has one address has 2^64 of them: the network counts. */
function keyOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  const whole = [
    ...groups,
    ...Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0'),
    ...rest,
  ];
  return whole.slice(0, 4).join(':');
}
