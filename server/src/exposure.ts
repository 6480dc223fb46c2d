import type { Config } from './config.ts';
import type { Mode } from './guard/admit.ts';
import { isLoopback, isWildcard } from './guard/hosts.ts';
import type { Token } from './guard/token.ts';

/** What decides who may read beside the configuration. */
export interface Circumstances {
  readonly isRoot: boolean;
  /** The tokens in force. */
  readonly tokens: readonly Token[];
  /** What is wrong with where tokens are kept, in words. */
  readonly problems: readonly string[];
}

/** Who will be able to read what this configuration serves. */
export interface Exposure {
  readonly mode: Mode;
  /** Why it is not served; a line each that says what to do. */
  readonly refusals: readonly string[];
  /** What whoever serves it should know. */
  readonly warnings: readonly string[];
}

const CREATE = 'make a token with `telltale token create`';

/** Whether anything has to be shown to read: on this machine alone, only if somebody said so. */
function modeOf(config: Config): Mode {
  if (config['token-file'] !== '' || config['trusted-proxy-user-header'] !== '') return 'tokens';
  if (isLoopback(config.host)) return 'open';
  return config['insecure-no-auth'] ? 'insecure' : 'tokens';
}

/** Beyond this machine nothing is served by accident. */
export function exposureOf(config: Config, { isRoot, tokens, problems }: Circumstances): Exposure {
  const { host } = config;
  const mode = modeOf(config);
  const isNear = isLoopback(host);
  const isSecured = tokens.length > 0 || config['trusted-proxy-user-header'] !== '';
  // Where nothing has to be shown, what nobody can show is no reason to stay away.
  const refusals = mode === 'tokens' ? [...problems] : [];
  const failures = mode === 'tokens' ? [] : problems;
  if (mode === 'tokens' && !isSecured && refusals.length === 0) {
    refusals.push(
      `--host ${host} would show this machine to everybody who can reach it, and there is no token: ${CREATE}, ` +
        'name a file that holds one with --token-file, or say --insecure-no-auth if that is what you want',
    );
  }
  if (!isNear && isRoot && !config['allow-root']) {
    refusals.push(
      `refusing to serve ${host} as root: start as another user (nothing here needs root), or say --allow-root`,
    );
  }
  return { mode, refusals, warnings: [...failures, ...warningsOf(config, mode, isNear)] };
}

function* warningsOf(config: Config, mode: Mode, isNear: boolean): Generator<string> {
  const isPlain = config['tls-cert'] === '';
  if (mode === 'insecure') {
    yield 'INSECURE: everybody who can reach this address can read this machine (--insecure-no-auth)';
  }
  if (mode === 'tokens' && !isNear && isPlain && config['trusted-proxy'].length === 0) {
    yield 'not encrypted: tokens can be read on their way; use --tls-cert, or a proxy that does TLS';
  }
  if (isWildcard(config.host) && config['allow-host'].length === 0) {
    yield 'served under the names of loopback alone: add those under which it is reached with --allow-host';
  }
  if (mode === 'open' && config['trusted-proxy'].length > 0) {
    yield 'whoever the proxy lets in can read this machine: have it ask for a password, or use --token-file';
  }
}
