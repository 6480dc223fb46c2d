import type { Context } from 'hono';
import { HttpProblem } from './errors.ts';

/** Reads a request's query. A parameter that does not exist, or twice, is a 400 that names those that do. */
export function readQuery<const N extends string>(c: Context, allowed: readonly N[]): Partial<Record<N, string>> {
  const found: Partial<Record<N, string>> = {};
  for (const [name, values] of Object.entries(c.req.queries())) {
    const known = allowed.find((each) => each === name);
    if (known === undefined) {
      const offer = allowed.length > 0 ? `allowed: ${allowed.join(', ')}` : 'there are none here';
      throw new HttpProblem(400, `unknown query parameter "${name.slice(0, 64)}"; ${offer}`);
    }
    if (values.length > 1) throw new HttpProblem(400, `query parameter "${known}" may be given once`);
    const [value] = values;
    if (value !== undefined) found[known] = value;
  }
  return found;
}
