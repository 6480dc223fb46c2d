import { spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The wall clock of one process, which can be set like that of a machine; monotonic time and that since boot go on. */
export interface FakeTime {
  /** What runs a command under it. */
  readonly command: readonly string[];
  /** Sets the clock to so much beside the real one. */
  set(seconds: number): void;
  remove(): void;
}

/** Makes one with libfaketime, or says why that is not possible here. */
export function makeFakeTime(): FakeTime | string {
  if (process.platform !== 'linux') return 'a clock is set with libfaketime on Linux alone';
  const folder = mkdtempSync(join(tmpdir(), 'telltale-time-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const file = join(folder, 'offset');
  const set = (seconds: number) => {
    // Whole or not at all: it is read at every look at the clock.
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  // Debian's `faketime` knows where its library lies; what it says itself is of no use, since it sets the time only once.
  const { stdout } = spawnSync('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
  const library = stdout?.trim();
  if (!library) {
    remove();
    return 'libfaketime is not installed (on Debian: apt-get install faketime)';
  }
  const settings = [
    `LD_PRELOAD=${library}`,
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
    'FAKETIME_NO_CACHE=1',
    `FAKETIME_TIMESTAMP_FILE=${file}`,
  ];
  const command = ['env', ...settings];
  set(7_200);
  const seen = spawnSync('env', [...settings, process.execPath, '-p', 'Date.now()'], { encoding: 'utf8' });
  const ahead = Number(seen.stdout) - Date.now();
  if (!(Math.abs(ahead - 7_200_000) < 60_000)) {
    remove();
    return `libfaketime does not work with this Node: ${seen.stderr || seen.stdout}`.trim().split('\n').join(' ');
  }
  set(0);
  return { command, set, remove };
}
