import { statSync } from 'node:fs';
import type { Config } from '../config.ts';
import { EXIT } from '../errors.ts';
import type { Exposure } from '../exposure.ts';
import { servedHosts, urlHost } from '../guard/hosts.ts';
import type { Token } from '../guard/token.ts';
import { describeToken } from '../guard/token-commands.ts';
import { tokenPath } from '../guard/token-folder.ts';
import { whoReads } from './who-reads.ts';
import type { World } from './world.ts';

/** What is asked of the machine beside the configuration. */
interface Findings {
  readonly now: number;
  readonly isRoot: boolean;
  readonly tokens: readonly Token[];
  /** What is wrong with a file, in words. */
  readonly warnings: readonly string[];
}

const READERS: Readonly<Record<Exposure['mode'], string>> = {
  open: 'every user and program of this machine, without credentials; no page of another site',
  insecure: 'EVERYBODY who can reach the address, without credentials',
  tokens: 'whoever shows a token or has signed in with one',
};

/** `telltale doctor`: tells what a configuration would show to whom, without serving anything. */
export function doctor(config: Config, world: World): void {
  const { clock, isRoot, stdout, endWith } = world;
  const { keyring, exposure, warnings } = whoReads(config, world);
  const { lines, ok } = diagnose(config, exposure, { now: clock.now(), isRoot, tokens: keyring.live, warnings });
  stdout.write(`${lines.join('\n')}\n`);
  endWith(ok ? EXIT.ok : EXIT.refused);
}

/** The rights of a file or folder that others than its owner have, in words; `null` when they have none. */
function looseModes(path: string): string | null {
  try {
    const mode = statSync(path).mode & 0o777;
    return (mode & 0o007) === 0 ? null : `${path} is open to every user of this machine (mode ${mode.toString(8)})`;
  } catch {
    return null;
  }
}

/** What a configuration exposes to whom, a line each, and what should be looked at. */
function diagnose(config: Config, exposure: Exposure, found: Findings): { lines: string[]; ok: boolean } {
  const { mode, refusals } = exposure;
  const scheme = config['tls-cert'] === '' ? 'http' : 'https';
  const proxies = config['trusted-proxy'];
  const user = config['trusted-proxy-user-header'];
  const origins = config['allow-origin'];
  const hasData = config.data !== 'none';
  const looseData = hasData ? [looseModes(config.data), looseModes(tokenPath(config.data))] : [];
  const isRoot = found.isRoot ? 'yes: nothing here needs it' : 'no';
  const lines = [
    `address      ${scheme}://${urlHost(config.host)}:${config.port}${config['base-path']}`,
    `names        ${[...servedHosts(config.host, config['allow-host'])].join(', ')}; any other is refused`,
    `who reads    ${READERS[mode]}`,
    `pages        ${origins.length === 0 ? 'of this server alone' : `of this server and of ${origins.join(', ')}`}`,
    `encryption   ${scheme === 'https' ? 'TLS, with HTTP/2' : 'none by the server itself'}`,
    `proxies      ${proxies.length === 0 ? 'none is believed' : `${proxies.join(', ')} may say who asks`}`,
    ...(user ? [`             and, in the header ${user}, who has signed in there`] : []),
    `processes    ${config['process-arguments'] ? 'with their command lines, secrets masked' : 'by name, without command lines'}`,
    `data         ${hasData ? config.data : 'in memory'}`,
    `root         ${isRoot}`,
    `tokens       ${found.tokens.length}`,
    ...found.tokens.map((token) => `             ${token.name}: ${describeToken(token, found.now)}`),
  ];
  const warnings = [...exposure.warnings, ...found.warnings, ...looseData.filter((line) => line !== null)];
  const said = [
    ...lines,
    ...warnings.map((line) => `warning: ${line}`),
    ...refusals.map((line) => `refused: ${line}`),
    refusals.length > 0
      ? 'It would not start.'
      : warnings.length > 0
        ? 'It would start.'
        : 'It would start. All is well.',
  ];
  return { lines: said, ok: refusals.length === 0 };
}
