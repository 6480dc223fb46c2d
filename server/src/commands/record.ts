import { openHostFiles } from '../collect/linux/files.ts';
import type { CommandCall } from '../command-line.ts';
import { record } from '../record/record.ts';
import type { World } from './world.ts';

/** `telltale record` */
export async function recordMachine(
  { operands: [folder = ''], options }: CommandCall<'record'>,
  { clock, version, platform, stopped, stdout }: World,
): Promise<void> {
  const files = openHostFiles('/proc', '/sys');
  const line = await record({ folder, ...options }, { files, clock, version, platform, stopped: stopped() });
  stdout.write(`${line}\n`);
}
