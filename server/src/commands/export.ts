import { readFileSync } from 'node:fs';
import { type CommandCall, usage } from '../command-line.ts';
import { EXIT } from '../errors.ts';
import { exportHistory } from '../recording/export-history.ts';
import { exportLive } from '../recording/export-live.ts';
import type { RecordingWorld } from '../recording/world.ts';
import type { World } from './world.ts';

/** `telltale export` */
export async function exportRecording(
  { operands: [file = '-'], options }: CommandCall<'export'>,
  { clock, random, fetch, version, stopped, stdout, stderr, tell, exit }: World,
): Promise<void> {
  const { live, from, to, url: base, metrics, interval, for: forMs } = options;
  const world: RecordingWorld = {
    ...{ clock, random, version, output: stdout, say: tell },
    fetch: fetchWith(options['token-file'], fetch),
    stopped: stopped(),
  };
  if (live === (from !== null)) throw usage('either --live or --from is needed', 'export');
  const made = from
    ? await exportHistory({ file, base, from, to, metrics, interval }, world)
    : await exportLive({ file, base, metrics, interval, forMs }, world);
  // Where the recording itself is the output, what is said of it is not.
  (file === '-' ? stderr : stdout).write(`${made}\n`);
  exit(EXIT.ok);
}

/** Asks with the token of a file, if there is one. It goes to the server that was named, and to no other that this one names. */
function fetchWith(tokenFile: string, fetch: World['fetch']): World['fetch'] {
  if (tokenFile === '') return fetch;
  let secret: string;
  try {
    secret = readFileSync(tokenFile, 'utf8').trim();
  } catch (error) {
    throw usage(`--token-file: ${error instanceof Error ? error.message : error}`, 'export');
  }
  return (url, init) => {
    const headers = { ...(init?.headers as Record<string, string>), authorization: `Bearer ${secret}` };
    return fetch(url, { ...init, headers, redirect: 'error' });
  };
}
