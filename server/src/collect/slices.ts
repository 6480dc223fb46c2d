/** Lets everything else go first. */
export type Pause = () => Promise<void>;

/** So many files of /proc are read at a stretch: some milliseconds. */
const SLICE = 100;

/** Works on things one after another, with a pause now and then: thousands would hold up everything else. */
export async function inSlices<T>(items: Iterable<T>, pause: Pause, work: (item: T) => void): Promise<void> {
  let done = 0;
  for (const item of items) {
    work(item);
    if (++done % SLICE === 0) await pause();
  }
}
