import * as v from 'valibot';
import { PROTOCOL } from './control.ts';
import { readEvent } from './events.ts';
import {
  isRecorded,
  isTimed,
  MAX_RECORDING,
  type RecordedEvent,
  type RecordingHead,
  recordingHead,
} from './recording.ts';

/** A line of a few thousand members is shorter; one without an end must not fill the memory. */
const MAX_LINE = 4 * 1024 * 1024;

/** What was given to be read is something else. The message is fit for a person, and begins like "is …". */
export class NotARecording extends Error {
  override readonly name = 'NotARecording';
}

/** What was passed over. */
export interface Skipped {
  /** Lines that do not have the promised shape, and those that are too long. */
  readonly broken: number;
  /** Events that this version does not know, or that speak of a connection. */
  readonly unknown: number;
  /** The end is missing: the last line is not whole. What is before it counts. */
  readonly cut: boolean;
  /** There is more than is read; what was read counts. */
  readonly full: boolean;
}

export interface ReaderLimits {
  /** Defaults to {@link MAX_RECORDING}. */
  readonly maxText?: number;
  /** Defaults to 4 MiB. */
  readonly maxLine?: number;
}

/**
 * Reads a recording piece by piece. It is lenient with what is inside, since a recording that is damaged may still hold
 * what is looked for, and strict with what it is: a first line that is none throws {@link NotARecording}.
 */
export class RecordingReader {
  readonly #maxText: number;
  readonly #maxLine: number;
  #head: RecordingHead | null = null;
  /** What has come of a line whose end has not. */
  #rest = '';
  /** The line under way is too long, and what is still to come of it is dropped. */
  #dropping = false;
  #text = 0;
  #broken = 0;
  #unknown = 0;
  #cut = false;
  #full = false;

  constructor({ maxText = MAX_RECORDING, maxLine = MAX_LINE }: ReaderLimits = {}) {
    this.#maxText = maxText;
    this.#maxLine = maxLine;
  }

  /** The first line, once it was read. */
  get head(): RecordingHead | null {
    return this.#head;
  }

  /** Whether a newer program wrote it, so that some of it may be passed over. */
  get newer(): boolean {
    return (this.#head?.protocol ?? 0) > PROTOCOL;
  }

  get skipped(): Skipped {
    return { broken: this.#broken, unknown: this.#unknown, cut: this.#cut, full: this.#full };
  }

  /** The events that are whole with this piece of text, in their order. */
  feed(text: string): RecordedEvent[] {
    if (this.#full) return [];
    this.#full = this.#text + text.length > this.#maxText;
    const piece = this.#full ? text.slice(0, this.#maxText - this.#text) : text;
    this.#text += piece.length;
    const lines = piece.split('\n');
    const last = lines.pop() as string;
    const events: RecordedEvent[] = [];
    for (const line of lines) {
      const whole = this.#rest + line;
      this.#rest = '';
      if (this.#dropping || whole.length > this.#maxLine) this.#drop();
      else this.#line(whole, events);
      this.#dropping = false;
    }
    this.#rest = this.#dropping ? '' : this.#rest + last;
    if (this.#rest.length > this.#maxLine) {
      if (this.#head === null) throw notOne();
      this.#rest = '';
      this.#dropping = true;
    }
    return events;
  }

  /** To be called at the end. `whole` is false where the bytes came to an end that is none. */
  end(whole = true): RecordedEvent[] {
    const events: RecordedEvent[] = [];
    const last = this.#rest;
    this.#rest = '';
    this.#cut = !whole || this.#dropping;
    if (last.trim() !== '' && !this.#full) {
      const before = this.#broken;
      this.#line(last, events);
      // Nothing is wrong with it but that it was never finished.
      this.#cut ||= this.#broken > before;
      this.#broken = before;
    }
    if (this.#head === null) throw notOne();
    return events;
  }

  #drop(): void {
    if (this.#head === null) throw notOne();
    this.#broken++;
  }

  #line(line: string, events: RecordedEvent[]): void {
    if (this.#head === null) {
      this.#head = readHead(line);
      return;
    }
    if (line.trim() === '') return;
    const event = readLine(line);
    if (event instanceof Error) this.#broken++;
    else if (event === null || !isRecorded(event)) this.#unknown++;
    else if (!isTimed(event)) this.#broken++;
    else events.push(event);
  }
}

const notOne = () =>
  new NotARecording('is no recording of Telltale: the first line of one begins with {"telltale":"recording"');

function readHead(line: string): RecordingHead {
  // What some editors put before a text.
  const value = parseJson(line.replace(/^\ufeff/, ''));
  const result = v.safeParse(recordingHead, value);
  if (result.success) return result.output;
  if ((value as { telltale?: unknown } | null)?.telltale !== 'recording') throw notOne();
  const [issue] = result.issues;
  throw new NotARecording(`has a first line that cannot be read: ${v.getDotPath(issue) ?? ''}: ${issue.message}`);
}

function readLine(line: string) {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null) return new Error('not an object');
  const { event, data } = value as { event?: unknown; data?: unknown };
  return typeof event === 'string' ? readEvent(event, data) : new Error('no event');
}

/** `undefined` for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
