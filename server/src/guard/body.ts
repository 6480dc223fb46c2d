import type { Context } from 'hono';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';

/** Longer than any secret and what is written around it. */
const MAX_BYTES = 4 * 1024;

/** What has not been read of a body would be taken for the next request; HTTP/2 has a stream for each (RFC 9113, 8.2.2). */
export const closing = (c: Context<Env>): Record<string, string> =>
  c.env.incoming.httpVersionMajor > 1 ? {} : { connection: 'close' };

/** The JSON object in the body of a request; whatever it says of its length, no more is read than it may have. */
export async function readJson(c: Context<Env>): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      throw new HttpProblem(413, `the body may have ${MAX_BYTES} bytes here`, closing(c));
    }
    chunks.push(chunk);
  }
  try {
    const content: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>;
  } catch {}
  throw new HttpProblem(400, 'a JSON object is needed');
}
