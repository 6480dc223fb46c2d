import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { archive, type PackedGeneration, PROCESSES, packGeneration, processesIn } from './archive.ts';
import { seriesNames } from './catalogue.ts';
import { forget } from './forget.ts';
import { Generation } from './generation.ts';
import { type MinuteProcesses, nearestMinute, REACH_MS } from './minute-processes.ts';
import { type HistoryAnswer, type HistoryQuery, queryHistory, type Sources } from './query.ts';
import { type HistoryReport, reportTiers } from './report.ts';
import type { Retention } from './retention.ts';
import { FolderInUse } from './shelf/lock.ts';
import { NewerFile } from './shelf/schema.ts';
import type { Shelf } from './shelf/shelf.ts';
import { SQLITE, sqliteCode } from './shelf/sqlite-error.ts';
import { readEvent, type Tick } from './tick.ts';
import { TIERS, type TierName } from './tiers.ts';
import { trim } from './trim.ts';

/** While the shelf takes nothing, so much of what is on its way to it is kept; beyond that the oldest is lost. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** A server that was away for longer than this was down, not late. */
const DOWN_MS = 5_000;
/** When the clock was set, or may have been, what looks old may be young: nothing is too old for so long. */
const CLOCK_REST_MS = 3_600_000;

export interface EngineOptions {
  /** Opens the shelf, and again after it has failed. Throws while it cannot be opened. */
  readonly open: () => Shelf;
  /** Opens a new shelf in the place of one that is damaged, with what of it is whole. */
  readonly repair: (damage: unknown) => Shelf;
  readonly isDamage: (error: unknown) => boolean;
  readonly retention: Retention;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told when the engine has been closed. */
  readonly closed?: () => void;
}

/**
 * The history of one machine: takes in what every tick saw, makes it safe at every flush, packs it into chunks, rolls them
 * up, and answers. Synchronous, to be run in a thread of its own: nothing here may hold up who samples or who listens.
 *
 * What is new is in memory and in the journal; every ten minutes it becomes chunks, and its journal goes. While the shelf
 * fails all goes on in memory, within {@link MAX_WAITING_BYTES}, and is shelved when it can be again.
 *
 * Longer than most files, as it is one state that every call meets; what can be thought without it is elsewhere.
 */
export class HistoryEngine {
  readonly #options: EngineOptions;
  #shelf: Shelf | null = null;
  /** Whether the journal that an earlier run left was read. */
  #recovered = false;
  #running: Generation;
  /** Over, and not on the shelf yet; oldest first. */
  readonly #waiting: PackedGeneration[] = [];
  /** Not in the journal yet. */
  #unwritten: { readonly generation: number; readonly text: string }[] = [];
  #failure: unknown = null;
  /** What an earlier run recorded last; `null` once that was compared with what came next. */
  #lastRunAt: number | null = null;
  #newestAt: number | null = null;
  #safeAt: number | null = null;
  #clockSetAt: number;
  #toTrim = true;
  #lost = 0;
  #tiers: HistoryReport['tiers'] | null = null;

  /** Throws when the shelf is one that a newer version has written, or somebody else uses; other failures may pass. */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.#clockSetAt = options.now();
    // Unlike any that an earlier run may have left in the journal.
    this.#running = new Generation(options.now() * 1_000);
    this.#change(() => {});
    if (this.#failure instanceof NewerFile || this.#failure instanceof FolderInUse) throw this.#failure;
  }

  /** Takes in a tick. What is not JSON, or of no metric, is of no use and left out. */
  write(tick: Tick): void {
    for (const [metric, json] of tick) {
      if (this.#take(metric, json)) this.#unwritten.push({ generation: this.#running.id, text: `${metric} ${json}\n` });
    }
  }

  /** Makes safe what was written. Never throws: a failure is in the report, and tried again at the next flush. */
  flush(): void {
    const newestAt = this.#newestAt;
    const isSafe = this.#change((shelf) => {
      const isOver = this.#waiting.length > 0;
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) this.#archive(shelf, next);
      if (isOver) shelf.settle();
      if (this.#unwritten.length > 0) shelf.transaction(() => this.#writeJournal(shelf));
      this.#unwritten = [];
      if (this.#toTrim) this.#trim(shelf);
    });
    if (isSafe) this.#safeAt = newestAt;
    else this.#limit();
  }

  /** Throws a 400 for what may not be asked for. */
  query(query: HistoryQuery): HistoryAnswer {
    return this.#read((shelf) => queryHistory(query, this.#sources(shelf)));
  }

  processesAt(moment: number): MinuteProcesses | null {
    return this.#read((shelf) => {
      // An interval may be longer than a minute, and the moment in its middle.
      const chunks = shelf?.find('minute', PROCESSES, moment - REACH_MS, moment + 2 * 3_600_000) ?? [];
      const shelved = chunks.flatMap((chunk) => {
        const body = shelf?.body(chunk);
        return body ? processesIn(body) : [];
      });
      const newer = [...this.#waiting, this.#running].flatMap(({ processes }) => processes);
      return nearestMinute([...shelved, ...newer], moment);
    });
  }

  catalogue(): string[] {
    return this.#read((shelf) => {
      const tables = this.#waiting.flatMap((generation) => [...generation.tables]);
      return seriesNames(shelf, [...tables, ...this.#running.rows]);
    });
  }

  /** Removes what was recorded after `from` up to and with `to`. Throws where the shelf cannot be changed. */
  forget(from: number, to: number): void {
    this.#seal();
    this.flush();
    this.#tiers = null;
    if (!this.#change((shelf) => forget(shelf, from, to))) throw new Error(describe(this.#failure));
  }

  report(): HistoryReport {
    this.#tiers ??= this.#read(reportTiers);
    return {
      kind: this.#shelf?.kind ?? 'memory',
      fault: this.#failure === null ? null : describe(this.#failure),
      safeAt: this.#safeAt,
      bytes: this.#read((shelf) => shelf?.usedBytes ?? 0),
      waitingBytes: this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0),
      lost: this.#lost,
      tiers: this.#tiers,
    };
  }

  close(): void {
    this.flush();
    this.#drop();
    this.#options.closed?.();
  }

  /** Answers whether there was something to keep. */
  #take(name: string, json: string): boolean {
    const seen = readEvent(name, json);
    if (seen === null) return false;
    if (seen.kind === 'gap') {
      this.#running.mark(seen);
      if (seen.reason === 'clock') this.#clockSetAt = this.#options.now();
      return true;
    }
    const { at, event } = seen;
    if (!this.#running.takes(name, at)) this.#seal();
    this.#compareWithLastRun(at);
    this.#running.add(name, at, event);
    this.#newestAt = at;
    return true;
  }

  /** Marks since when nothing was recorded, when the first that is recorded again is of `at`. */
  #compareWithLastRun(at: number): void {
    const downSince = this.#lastRunAt;
    this.#lastRunAt = null;
    if (downSince !== null && at - downSince > DOWN_MS) {
      this.#running.mark({ from: downSince, to: at, reason: 'restart' });
    }
  }

  /** Ends the running generation. */
  #seal(): void {
    const { id, isEmpty } = this.#running;
    if (isEmpty) return;
    this.#waiting.push(packGeneration(this.#running));
    this.#running = new Generation(Math.max(id + 1, this.#options.now() * 1_000));
  }

  #archive(shelf: Shelf, generation: PackedGeneration): void {
    shelf.transaction(() => archive(shelf, generation));
    this.#waiting.shift();
    // It is on the shelf as a whole: nothing of it needs a journal any more.
    this.#unwritten = this.#unwritten.filter((each) => each.generation !== generation.id);
    this.#tiers = null;
    this.#toTrim = true;
  }

  #writeJournal(shelf: Shelf): void {
    const texts = new Map<number, string>();
    for (const { generation, text } of this.#unwritten) texts.set(generation, (texts.get(generation) ?? '') + text);
    for (const [generation, text] of texts) shelf.addJournal({ generation, body: deflateRawSync(text, { level: 1 }) });
  }

  #trim(shelf: Shelf): void {
    const now = this.#options.now();
    this.#toTrim = trim(shelf, this.#options.retention, Math.abs(now - this.#clockSetAt) < CLOCK_REST_MS ? null : now);
    this.#tiers = null;
  }

  /** What a failing shelf does not take must not fill the memory. */
  #limit(): void {
    let bytes = this.#waiting.reduce((sum, each) => sum + each.bytes, 0);
    while (bytes > MAX_WAITING_BYTES) {
      bytes -= this.#waiting.shift()?.bytes ?? 0;
      this.#lost++;
    }
    // Its rows are in memory all the same; what is given up is that they would outlive a crash.
    let text = this.#unwritten.reduce((sum, each) => sum + each.text.length, 0);
    while (text > MAX_WAITING_BYTES) text -= this.#unwritten.shift()?.text.length ?? 0;
  }

  #sources(shelf: Shelf | null): Sources {
    const running = { tables: new Map(), rows: this.#running.rows };
    const unshelved = [...this.#waiting.map(({ tables }) => ({ tables, rows: new Map() })), running];
    const marks = [...this.#waiting, this.#running].flatMap((generation) => generation.marks);
    return { shelf, unshelved, marks, reach: (tier) => this.#reach(shelf, tier) };
  }

  #reach(shelf: Shelf | null, tier: TierName): number | null {
    const first = shelf?.report(tier).first ?? null;
    const begins = [
      first === null ? Number.POSITIVE_INFINITY : first - TIERS[tier].stepMs,
      ...this.#waiting.map(({ firstAt }) => firstAt),
      this.#running.firstAt,
    ];
    const begin = Math.min(...begins);
    return Number.isFinite(begin) ? begin : null;
  }

  /** Runs what needs the shelf. Answers whether it succeeded; a shelf that has failed is opened anew the next time. */
  #change(run: (shelf: Shelf) => void): boolean {
    try {
      if (this.#shelf && !this.#shelf.isInPlace()) this.#drop();
      try {
        run(this.#open());
      } catch (error) {
        if (!this.#options.isDamage(error)) throw error;
        run(this.#repair(error));
      }
      this.#failure = null;
      return true;
    } catch (error) {
      this.#failure = error;
      // A full disk can still be read from.
      if (sqliteCode(error) !== SQLITE.full) this.#drop();
      return false;
    }
  }

  /** Reads, and where what is read turns out to be damaged, once more after it was repaired. */
  #read<T>(read: (shelf: Shelf | null) => T): T {
    try {
      return read(this.#shelf);
    } catch (error) {
      if (!this.#shelf || !this.#options.isDamage(error)) throw error;
      this.#change(() => {
        this.#repair(error);
      });
      return read(this.#shelf);
    }
  }

  #open(): Shelf {
    this.#shelf ??= this.#options.open();
    if (!this.#recovered) this.#recover(this.#shelf);
    return this.#shelf;
  }

  #repair(damage: unknown): Shelf {
    this.#drop();
    this.#tiers = null;
    this.#shelf = this.#options.repair(damage);
    return this.#shelf;
  }

  #drop(): void {
    try {
      this.#shelf?.close();
    } catch {
      // It is given up in any case.
    }
    this.#shelf = null;
  }

  /** Takes over what an earlier run left in the journal, and goes on where it ended if that is in the same window. */
  #recover(shelf: Shelf): void {
    const generations = new Map<number, Generation>();
    for (const { generation, body } of shelf.journal()) {
      const own = generations.get(generation) ?? new Generation(generation);
      generations.set(generation, own);
      own.replay(inflateRawSync(body).toString());
    }
    this.#recovered = true;
    const left = [...generations.values()].filter(({ isEmpty }) => !isEmpty);
    const ends = [shelf.report('raw').last, ...left.map(({ lastAt }) => lastAt)];
    this.#lastRunAt = Math.max(...ends.map((end) => end ?? Number.NEGATIVE_INFINITY));
    if (!Number.isFinite(this.#lastRunAt)) this.#lastRunAt = null;
    const last = this.#running.isEmpty ? left.pop() : undefined;
    this.#waiting.unshift(...left.map(packGeneration));
    if (last) this.#running = last;
    else if (!this.#running.isEmpty) this.#compareWithLastRun(this.#running.firstAt);
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
