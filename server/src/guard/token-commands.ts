import { DEFAULT_METRICS, type MetricName } from '@telltale/shared';
import { digestOf, isExpired, newId, newSecret, type Token, type TokenScope } from './token.ts';
import { changeTokens, tokensIn } from './token-folder.ts';

/** More are not made: every request that shows a token is compared with all of them. */
const MAX_TOKENS = 1_000;
const EMBED_LIFE_MS = 90 * 24 * 3_600_000;

export interface Wish {
  readonly name: string | null;
  readonly scope: TokenScope;
  readonly metrics: readonly MetricName[] | null;
  readonly origins: readonly string[];
  /** In ms; `null` where nothing was said, infinite for ever. */
  readonly expires: number | null;
}

const timeOf = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** What a token may do, in words. */
export function describeToken({ scope, metrics, origins, expiresAt }: Token, now: number): string {
  const what = scope === 'admin' ? 'everything' : metrics === null ? 'every metric' : metrics.join(', ');
  const from = scope === 'embed' ? ` from ${origins.join(', ')}` : '';
  const until =
    expiresAt === null ? 'never ends' : expiresAt <= now ? `ended ${timeOf(expiresAt)}` : `ends ${timeOf(expiresAt)}`;
  return `${scope}: ${what}${from}; ${until}`;
}

/** Makes a token in a folder. Throws what is wrong with the wish. */
export function createToken(folder: string, wish: Wish, now: number): { secret: string; said: string } {
  const { scope, origins } = wish;
  // A page is given what is listed, and processes only if they are.
  const metrics = wish.metrics ?? (scope === 'embed' ? DEFAULT_METRICS : null);
  if (scope === 'embed' && origins.length === 0) {
    throw new Error('an embed token needs --origins, the pages that may use it, like https://example.org');
  }
  if (scope !== 'embed' && origins.length > 0) throw new Error('--origins is for --scope embed');
  if (scope === 'admin' && metrics) throw new Error('an admin token is for everything: leave --metrics out');
  const life = wish.expires ?? (scope === 'embed' ? EMBED_LIFE_MS : Number.POSITIVE_INFINITY);
  if (scope === 'embed' && life === Number.POSITIVE_INFINITY) {
    throw new Error('an embed token can be read by whoever sees the page, so it has to end: --expires 90d');
  }
  const secret = newSecret();
  const id = newId();
  const token: Token = {
    id,
    name: wish.name ?? `${scope}-${id}`,
    scope,
    digest: digestOf(secret).toString('hex'),
    metrics,
    origins,
    createdAt: now,
    expiresAt: life === Number.POSITIVE_INFINITY ? null : now + life,
  };
  changeTokens(folder, now, (tokens) => {
    // What has ended long ago nobody asks about any more.
    const kept = tokens.filter(({ expiresAt }) => expiresAt === null || expiresAt > now - EMBED_LIFE_MS);
    if (kept.some(({ name }) => name === token.name)) {
      throw new Error(`there is a token "${token.name}" already: choose another name, or revoke that one`);
    }
    if (kept.length >= MAX_TOKENS) throw new Error(`there are ${MAX_TOKENS} tokens already: revoke some`);
    return [...kept, token];
  });
  return { secret, said: `token "${token.name}" (${id}), ${describeToken(token, now)}` };
}

/** A line for each token. Names are text of others: what could move a terminal's cursor is not in them. */
export function listTokens(folder: string, now: number): string {
  const tokens = tokensIn(folder);
  if (tokens.length === 0) return `no tokens in ${folder}: make one with \`telltale token create\`\n`;
  const rows = tokens.map((token) => {
    const mark = isExpired(token, now) ? ' (ended)' : '';
    return `${token.id}  ${token.name}${mark}  ${describeToken(token, now)}  made ${timeOf(token.createdAt)}\n`;
  });
  return rows.join('');
}

/** Ends a token. Throws when there is none of that name or id. */
export function revokeToken(folder: string, nameOrId: string, now: number): string {
  let revoked: Token | undefined;
  // A command that ends nothing has nothing to write, be it a folder that was not there.
  const isIt = ({ id, name }: Token) => name === nameOrId || id === nameOrId;
  if (!tokensIn(folder).some(isIt)) throw new Error(`there is no token "${nameOrId}" in ${folder}`);
  changeTokens(folder, now, (tokens) => {
    revoked = tokens.find(isIt);
    return tokens.filter((token) => token !== revoked);
  });
  return `revoked: token "${revoked?.name}" (${revoked?.id})`;
}
