import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTelltale } from './server.ts';

/** A folder in which a server keeps its tokens, and what makes and ends them. */
export interface TokenFolder {
  readonly path: string;
  /** Makes a token; the answer is its secret. */
  create(...args: string[]): Promise<string>;
  revoke(name: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes one, without tokens or with those of another. */
export async function tokenFolder(like?: TokenFolder): Promise<TokenFolder> {
  const path = await mkdtemp(join(tmpdir(), 'telltale-tokens-'));
  if (like) await cp(like.path, path, { recursive: true });
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runTelltale('token', ...args, '--data', path);
    if (code !== 0) throw new Error(`telltale token ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  return {
    path,
    create: async (...args) => (await run('create', ...args)).trim(),
    revoke: async (name) => void (await run('revoke', name)),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
