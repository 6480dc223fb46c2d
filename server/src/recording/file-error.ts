import { NotARecording } from '@telltale/shared';
import { EXIT, ExitError } from '../errors.ts';

/** Does something with a file. Throws an {@link ExitError} that says what to do. */
export function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toExit(file, error as Error);
  }
}

const ADVICE = new Map([
  ['ENOENT', 'there is no such place: name a file in a folder that is there'],
  ['EEXIST', 'is there already, and is not written over: choose another name'],
  ['EISDIR', 'is a folder, not a file; what telltale record made is shown with --proc-root and --sys-root'],
  ['EACCES', 'may not be opened by this user'],
  ['ENOSPC', 'the disk is full: what is there of the recording can be played'],
]);

/** What went wrong with a file, in one line. */
export function toExit(file: string, error: NodeJS.ErrnoException): ExitError {
  if (error instanceof NotARecording) return new ExitError(EXIT.usage, `${file} ${error.message}`);
  if (error.code === 'EPIPE') return new ExitError(EXIT.ok, 'whoever read the recording has gone');
  return new ExitError(EXIT.usage, `${file}: ${ADVICE.get(error.code ?? '') ?? error.message}`);
}
