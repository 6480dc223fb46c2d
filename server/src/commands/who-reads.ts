import type { Config } from '../config.ts';
import { EXIT, ExitError } from '../errors.ts';
import { type Exposure, exposureOf } from '../exposure.ts';
import { readAdminToken } from '../guard/admin-token.ts';
import { Keyring } from '../guard/keyring.ts';
import type { World } from './world.ts';

/** The tokens of a configuration, and who can read what it serves. Nothing is said or done about it yet. */
export function whoReads(
  config: Config,
  { clock, isRoot }: Pick<World, 'clock' | 'isRoot'>,
  onTrouble: (message: string) => void = () => {},
): { readonly keyring: Keyring; readonly exposure: Exposure; readonly warnings: readonly string[] } {
  const adminFile = config['token-file'];
  const folder = config.data === 'none' ? null : config.data;
  const keyring = new Keyring({ folder, adminFile, clock, onTrouble });
  const problems: string[] = [];
  const warnings: string[] = [];
  try {
    keyring.load();
    const warning = adminFile === '' ? null : readAdminToken(adminFile).warning;
    if (warning) warnings.push(warning);
  } catch (error) {
    problems.push(`${adminFile === '' ? '' : '--token-file: '}${error instanceof Error ? error.message : error}`);
  }
  const exposure = exposureOf(config, { isRoot, tokens: keyring.live, problems });
  return { keyring, exposure, warnings };
}

/** What must not be served ends the program. */
export function refuseExposure({ refusals: [first] }: Exposure): void {
  if (first !== undefined) throw new ExitError(EXIT.refused, first);
}
