import { existsSync, lstatSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { Snapshot } from './snapshot.ts';

/** Where the entry of a folder points that was seen and not read: it is listed, and absent when opened. */
const NOT_RECORDED = 'not recorded';

export interface Written {
  readonly files: number;
  readonly bytes: number;
}

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Writes a snapshot into an empty folder, as a tree that answers as the machine did and that git keeps, which it does
 * not do with empty folders. A file that could not be read becomes a folder and the other way round, so that it cannot
 * be read here either; inside is the reason. Throws what Node throws.
 */
export function writeSnapshot(folder: string, { texts, links, folders, unreadable }: Snapshot): Written {
  for (const root of ['proc', 'sys']) mkdirSync(join(folder, root), { recursive: true });
  const root = realpathSync(folder);
  let files = 0;
  let bytes = 0;

  function write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    files++;
    bytes += Buffer.byteLength(text);
  }

  /** Folders before what is in them, so that a link is there when something is written through it. */
  for (const [path, target] of [...links].sort(([a], [b]) => depthOf(a) - depthOf(b))) {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    const end = resolve(realpathSync(dirname(at)), target);
    // Nothing is ever written through a link that leads out of the recording.
    if (isThere(at) || !end.startsWith(root + sep)) continue;
    mkdirSync(end, { recursive: true });
    symlinkSync(target, at);
  }
  for (const [path, text] of texts) write(join(root, path), text);
  for (const path of folders.keys()) mkdirSync(join(root, path), { recursive: true });
  for (const [path, { kind, reason }] of unreadable) {
    const at = join(root, path);
    if (existsSync(at)) continue;
    write(kind === 'file' ? join(at, 'unreadable') : at, `${reason}\n`);
  }
  for (const [path, names] of folders) {
    const absent = names.map((name) => join(root, path, name)).filter((at) => !isThere(at));
    for (const at of absent) symlinkSync(NOT_RECORDED, at);
  }
  return { files, bytes };
}

const depthOf = (path: string) => path.split('/').length;
