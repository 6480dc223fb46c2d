/** A process as systeminformation tells it. */
export interface ToldProcess {
  readonly pid: number;
  readonly name: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly user: string;
  readonly state: string;
  readonly residentBytes: number;
  /** What `ps` averages; or, once it was measured, the sum of the next two: shares of all processors in percent. */
  readonly cpu: number;
  readonly cpuu: number;
  readonly cpus: number;
}

export interface SharedProcess extends Omit<ToldProcess, 'cpu' | 'cpuu' | 'cpus'> {
  /** Share of one processor since the last look, or as `ps` averages it; 100 is one whole. */
  readonly share: number;
  /** Processor time in ms since it was first seen: what was measured, added up, so that any pace can use it. */
  readonly cpuMs: number;
}

export interface SharesReading {
  /** When the sums began; those that began at other times cannot be compared. */
  readonly since: number;
  readonly measuredAt: number;
  readonly isMeasured: boolean;
  readonly processes: readonly SharedProcess[];
}

/** Start times are worked out from ages in whole seconds, so they waver. */
const SAME_START_MS = 2_000;

/** Makes counters of the shares that the library tells. Remembers the processes of the last look, and no others. */
export class ProcessShares {
  /** Whether shares are measured since the last look (Linux, Windows) or averaged by `ps`. */
  readonly #isMeasured: boolean;
  #last: ReadonlyMap<number, SharedProcess> = new Map();
  #lastAt: number | null = null;
  #since: number | null = null;

  constructor(isMeasured: boolean) {
    this.#isMeasured = isMeasured;
  }

  /** `at`: monotonic ms. Throws where the library could not measure. */
  update(told: readonly ToldProcess[], at: number, processors: number): SharesReading {
    const isMeasured = this.#isMeasured;
    const elapsedMs = this.#lastAt === null ? 0 : at - this.#lastAt;
    this.#lastAt = at;
    const used = ({ cpuu, cpus }: ToldProcess) => cpuu + cpus;
    if (isMeasured && told.some(({ cpu }) => cpu > 0) && !told.some((each) => used(each) > 0)) {
      // What it measures next is not since this look.
      this.#last = new Map();
      this.#since = null;
      throw new Error('the use of the processors could not be measured');
    }
    this.#since ??= at;
    const processes = told
      // What `ps` said is left of a process that had ended before it was measured.
      .filter((each) => !isMeasured || each.cpu === used(each))
      .map(({ cpu, cpuu, cpus, ...each }): SharedProcess => {
        const before = this.#last.get(each.pid);
        const same = before && Math.abs(before.startedAt - each.startedAt) <= SAME_START_MS ? before : null;
        const share = isMeasured ? cpu * processors : cpu;
        // At first sight the library tells the share since the machine was started.
        const cpuMs = same === null ? 0 : same.cpuMs + (share / 100) * elapsedMs;
        return { ...each, startedAt: same?.startedAt ?? each.startedAt, share, cpuMs };
      });
    this.#last = new Map(processes.map((each) => [each.pid, each]));
    return { since: this.#since, measuredAt: at, isMeasured, processes };
  }
}
