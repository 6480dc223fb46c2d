import type { CommandCall } from '../command-line.ts';
import { dataFolder } from '../config.ts';
import { EXIT, ExitError } from '../errors.ts';
import { createToken, listTokens, revokeToken } from '../guard/token-commands.ts';
import type { World } from './world.ts';

/** `telltale token create` */
export function tokenCreate({ options: { data, ...wish } }: CommandCall<'token create'>, world: World): void {
  const folder = dataFolder(data, world.env);
  const { secret, said } = orUsage(() => createToken(folder, wish, world.clock.now()));
  // Alone, so that a script has it without looking for it.
  world.stdout.write(`${secret}\n`);
  world.tell(`made ${said}`);
  world.tell(`this is the only time that it is shown; a server on ${folder} takes it at once`);
}

/** `telltale token list` */
export function tokenList({ options }: CommandCall<'token list'>, { env, clock, stdout }: World): void {
  stdout.write(orUsage(() => listTokens(dataFolder(options.data, env), clock.now())));
}

/** `telltale token revoke` */
export function tokenRevoke(
  { operands: [name = ''], options }: CommandCall<'token revoke'>,
  { env, clock, stdout }: World,
): void {
  const said = orUsage(() => revokeToken(dataFolder(options.data, env), name, clock.now()));
  stdout.write(`${said}\n`);
}

/** What a command about tokens refuses is bad usage; what the disk does is not. */
function orUsage<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const isOfDisk = error instanceof Error && 'code' in error;
    const message = error instanceof Error ? error.message : String(error);
    const end = isOfDisk
      ? new ExitError(EXIT.refused, `${message}: --data names a folder that you may read and write`)
      : new ExitError(EXIT.usage, message);
    throw Object.assign(end, { cause: error });
  }
}
