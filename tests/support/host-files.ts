import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RECORDED = fileURLToPath(new URL('../hosts/odd/2', import.meta.url));

/** A name whose letters take one to four bytes. */
export const WIDE_NAME = 'a-ü-☃-𝄞';

/** The files of a machine that is the same wherever the test runs, with these interfaces. */
export async function hostFiles(interfaces: readonly string[]) {
  const root = await mkdtemp(join(tmpdir(), 'telltale-host-'));
  await cp(RECORDED, root, { recursive: true });
  const lines = ['lo', ...interfaces].map((name, i) => `${name}: ${i}00 ${i} 0 0 0 0 0 0 ${i}00 ${i} 0 0 0 0 0 0`);
  await writeFile(join(root, 'proc/net/dev'), ['Inter-|', ' face |bytes', ...lines, ''].join('\n'));
  await writeFile(join(root, 'proc/sys/kernel/hostname'), `${WIDE_NAME}\n`);
  return {
    /** The options that make a server look at them. */
    args: ['--proc-root', join(root, 'proc'), '--sys-root', join(root, 'sys')],
    remove: () => rm(root, { recursive: true }),
  };
}
