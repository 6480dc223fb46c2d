import { readFileSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { digestOf, type Token } from './token.ts';

/** What can be guessed is no secret: ours have 43, and so many of the alphabet of base64 are still 96 bits. */
const LEAST_LENGTH = 16;
/** What may stand behind `Bearer` (RFC 6750, 2.1). */
const BEARER = /^[A-Za-z0-9._~+/-]+=*$/;
const OTHERS = 0o007;

export interface AdminToken {
  readonly token: Token;
  /** What is not as it should be about the file, in words; `null` where nothing is. */
  readonly warning: string | null;
}

/** Reads `--token-file`: one line, the secret of an admin. Throws what is wrong with it, to follow the option's name. */
export function readAdminToken(path: string): AdminToken {
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < LEAST_LENGTH) {
    throw new Error(
      `${path} must hold a secret of ${LEAST_LENGTH} characters or more, like one of \`openssl rand -hex 32\``,
    );
  }
  if (!BEARER.test(secret)) throw new Error(`${path} must hold one line of letters, digits and -._~+/=`);
  const isOpen = platform() !== 'win32' && (statSync(path).mode & OTHERS) !== 0;
  const digest = digestOf(secret).toString('hex');
  return {
    token: {
      // Of this secret: what another one opened must not outlive it. A digest of the digest tells nothing of either.
      id: `file-${digestOf(digest).toString('hex').slice(0, 8)}`,
      name: 'token file',
      scope: 'admin',
      digest,
      metrics: null,
      origins: [],
      createdAt: 0,
      expiresAt: null,
    },
    warning: isOpen ? `${path} can be read by every user of this machine: chmod 600 it` : null,
  };
}
