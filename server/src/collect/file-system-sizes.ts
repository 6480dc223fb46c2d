import type { Clock } from '../clock.ts';

export interface FileSystemSizes {
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly availableBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}

/** Asks the kernel for the size of a file system (statvfs(3)). May never settle: a dead server does not answer. */
export type StatFs = (mountPoint: string) => Promise<FileSystemSizes>;

export interface Question {
  readonly point: string;
  /** What is asked about the mount point: its path. */
  readonly path: string;
  /** Whether the answer comes over the network. */
  readonly remote: boolean;
}

/** What one look has heard. */
interface Answers {
  readonly heard: Map<string, FileSystemSizes | Error>;
  over: boolean;
}

/** How long one look waits. */
const WAIT_MS = 2_000;
/**
 * A call that hangs keeps one of the four threads on which Node does all such calls (libuv's pool). So no more than three
 * are ever under way, and one dead disk does not silence the others.
 */
const LOCAL_CALLS = 2;
const REMOTE_CALLS = 1;

/** A driver in user space may say anything. */
const canBe = ({ totalBytes, freeBytes, availableBytes }: FileSystemSizes) =>
  freeBytes >= 0 && availableBytes >= 0 && Math.max(freeBytes, availableBytes) <= totalBytes;

/** Asks one after another, with so many calls under way at most; those of earlier looks that still hang count. */
class Queue {
  readonly #statFs: StatFs;
  readonly #room: number;
  readonly #hanging = new Set<string>();

  constructor(statFs: StatFs, room: number) {
    this.#statFs = statFs;
    this.#room = room;
  }

  /** Settles when everything was asked that can be; that may be never. */
  async askAll(questions: readonly Question[], answers: Answers): Promise<void> {
    const waiting = questions.filter(({ point }) => !this.#hanging.has(point)).values();
    const free = Math.max(0, this.#room - this.#hanging.size);
    await Promise.all(Array.from({ length: free }, () => this.#askInTurn(waiting, answers)));
  }

  async #askInTurn(waiting: Iterable<Question>, answers: Answers): Promise<void> {
    for (const { point, path } of waiting) {
      this.#hanging.add(point);
      const answer = await this.#ask(path);
      this.#hanging.delete(point);
      if (answers.over) return;
      answers.heard.set(point, answer);
    }
  }

  async #ask(path: string): Promise<FileSystemSizes | Error> {
    try {
      const sizes = await this.#statFs(path);
      return canBe(sizes) ? sizes : new Error('says what cannot be');
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Why nothing was heard. */
  reason(point: string): Error {
    if (this.#hanging.has(point)) return new Error('does not answer');
    const [other] = this.#hanging;
    return new Error(`is not asked while ${other} does not answer`);
  }
}

/** Asks for the sizes of file systems, any of which may never answer; it is then not asked again before it has. */
export class FileSystemSizesReader {
  readonly #local: Queue;
  readonly #remote: Queue;
  readonly #after: Clock['after'];

  constructor(statFs: StatFs, after: Clock['after']) {
    this.#local = new Queue(statFs, LOCAL_CALLS);
    this.#remote = new Queue(statFs, REMOTE_CALLS);
    this.#after = after;
  }

  /** An answer or a reason for each, by mount point; within {@link WAIT_MS} in any case. */
  async read(questions: readonly Question[]): Promise<ReadonlyMap<string, FileSystemSizes | Error>> {
    const answers: Answers = { heard: new Map(), over: false };
    const local = questions.filter(({ remote }) => !remote);
    const remote = questions.filter((question) => question.remote);
    const asked = Promise.all([this.#local.askAll(local, answers), this.#remote.askAll(remote, answers)]);
    await new Promise<void>((resolve) => {
      const cancel = this.#after(WAIT_MS, resolve);
      void asked.then(cancel).then(resolve);
    });
    answers.over = true;
    for (const { point, remote } of questions) {
      if (!answers.heard.has(point)) answers.heard.set(point, (remote ? this.#remote : this.#local).reason(point));
    }
    return answers.heard;
  }
}
