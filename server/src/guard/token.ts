import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isMetricName, type MetricName } from '@telltale/shared';

export const TOKEN_SCOPES = ['admin', 'read', 'embed'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A right that was given away. What proves it is not here: only its digest is kept. */
export interface Token {
  /** Names it where its name would not: not secret. */
  readonly id: string;
  readonly name: string;
  readonly scope: TokenScope;
  /** SHA-256 of the secret, in hex. 256 random bits need no salt and no slow hash. */
  readonly digest: string;
  /** What it is for; `null` for every metric. */
  readonly metrics: readonly MetricName[] | null;
  /** The pages that may use it, for an embed token. */
  readonly origins: readonly string[];
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; `null` for never. */
  readonly expiresAt: number | null;
}

/** Says in a log or a repository what it is, to whoever looks for leaked ones. */
const PREFIX = 'telltale_';

/** A secret of 256 random bits that can stand in a header as it is. */
export const newSecret = (): string => PREFIX + randomBytes(32).toString('base64url');
export const newId = (): string => randomBytes(4).toString('hex');

export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Whether two digests are the same, in a time that does not tell how much of them is. */
export function isDigest(digest: Buffer, hex: string): boolean {
  const known = Buffer.from(hex, 'hex');
  return known.length === digest.length && timingSafeEqual(known, digest);
}

export const isExpired = ({ expiresAt }: Pick<Token, 'expiresAt'>, now: number): boolean =>
  expiresAt !== null && expiresAt <= now;

const isText = (value: unknown): value is string => typeof value === 'string';
const isListOf = <T>(value: unknown, is: (each: unknown) => each is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);
const isMetric = (value: unknown): value is MetricName => isText(value) && isMetricName(value);

function isToken(value: unknown): value is Token {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, scope, digest, metrics, origins, createdAt, expiresAt } = value as Record<string, unknown>;
  return (
    isText(id) &&
    isText(name) &&
    TOKEN_SCOPES.some((known) => known === scope) &&
    isText(digest) &&
    /^[0-9a-f]{64}$/.test(digest) &&
    (metrics === null || isListOf(metrics, isMetric)) &&
    isListOf(origins, isText) &&
    Number.isFinite(createdAt) &&
    (expiresAt === null || Number.isFinite(expiresAt))
  );
}

/** Reads what {@link writeTokens} wrote. Throws at anything else: half a list of rights is not one. */
export function readTokens(text: string): readonly Token[] {
  const content: unknown = JSON.parse(text);
  const tokens = typeof content === 'object' && content !== null && 'tokens' in content ? content.tokens : null;
  if (!isListOf(tokens, isToken)) throw new Error('it does not hold a list of tokens as this version writes it');
  return tokens;
}

export const writeTokens = (tokens: readonly Token[]): string => `${JSON.stringify({ version: 1, tokens }, null, 2)}\n`;
