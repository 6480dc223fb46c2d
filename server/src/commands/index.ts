import type { Command } from '../config.ts';
import { helpText } from '../options.ts';
import { doctor } from './doctor.ts';
import { exportRecording } from './export.ts';
import { forgetHistory } from './forget.ts';
import { play } from './play.ts';
import { recordMachine } from './record.ts';
import { serve } from './serve.ts';
import { tokenCreate, tokenList, tokenRevoke } from './token.ts';
import type { World } from './world.ts';

type Run = Command['run'];
type Call<R extends Run> = Extract<Command, { readonly run: R }>;

/** What each command does. The compiler stops here for one that nobody does. */
const COMMANDS: { readonly [R in Run]: (call: Call<R>, world: World) => void | Promise<void> } = {
  help: ({ command }, { version, stdout }) => void stdout.write(helpText(version, command)),
  version: (_, { version, stdout }) => void stdout.write(`${version}\n`),
  serve: ({ config }, world) => serve(config, world),
  play,
  record: recordMachine,
  export: exportRecording,
  forget: forgetHistory,
  doctor: ({ config }, world) => doctor(config, world),
  'token create': tokenCreate,
  'token list': tokenList,
  'token revoke': tokenRevoke,
};

/** Does what was asked for. Whatever goes wrong is thrown. */
export async function runCommand(command: Command, world: World): Promise<void> {
  await (COMMANDS[command.run] as (call: Command, world: World) => void | Promise<void>)(command, world);
}
