import { EMBED_ELEMENTS, EMBED_SIZES, EMBED_THEMES, type EmbedElement } from '@telltale/shared';
import type { Handler } from 'hono';
import type { Env } from './env.ts';
import { HttpProblem } from './errors.ts';
import type { AdmitOptions } from './guard/admit.ts';
import { pagePolicy } from './guard/guard.ts';
import { readQuery } from './query.ts';

/** Longer than any sensible list of series; the element says what is wrong with it. */
const MAX_VALUE = 1_000;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (found) => ESCAPES[found] as string);

function oneOf<T extends string>(name: string, value: string | undefined, allowed: readonly [T, ...T[]]): T {
  const found = value === undefined ? allowed[0] : allowed.find((each) => each === value);
  if (found === undefined) throw new HttpProblem(400, `${name} is one of ${allowed.join(', ')}`);
  return found;
}

/** `name="value"` for each attribute that the query sets. */
function attributes(values: Readonly<Record<string, string | undefined>>, names: readonly string[]): string {
  return names
    .flatMap((name) => {
      const value = values[name];
      if (value === undefined) return [];
      if (value.length > MAX_VALUE) throw new HttpProblem(400, `${name} may have ${MAX_VALUE} characters`);
      return [` ${name}="${escapeHtml(value)}"`];
    })
    .join('');
}

/**
 * `GET /embed/<element>`: a page with that one element, for iframes. Only pages of this server and of the origins that may
 * embed can frame it. Opened with a ticket it holds a secret of its own, which ends soon after the page does: cookies are
 * kept from frames of other sites, and the ticket is void by now.
 */
export function embedPage(
  element: EmbedElement,
  origins: ReadonlySet<string>,
  { keyring, sessions }: Pick<AdmitOptions, 'keyring' | 'sessions'>,
): Handler<Env> {
  const own: readonly string[] = EMBED_ELEMENTS[element];
  const allowed = [...own, 'theme', 'size', 'ticket'];
  return (c) => {
    const { via, tokenId } = c.get('visitor');
    const token = via === 'ticket' && tokenId !== null ? keyring.byId(tokenId) : null;
    const secret = token && sessions.begin('frame', token.id);
    const framedBy = [...origins, ...(token?.origins ?? [])];
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': secret ? 'no-store' : 'no-cache',
      'content-security-policy': pagePolicy(["'self'", ...framedBy].join(' ')),
    };
    const query = readQuery(c, allowed);
    const theme = oneOf('theme', query['theme'], EMBED_THEMES);
    const size = oneOf('size', query['size'], ['medium', ...EMBED_SIZES]);
    const tag = `telltale-${element}`;
    const page = `<!doctype html>
<html lang="en" class="${theme} ${size}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${element} - Telltale</title>
    <link rel="stylesheet" href="../frame.css" />
    <script type="module" src="../embed.js"></script>
  </head>
  <body>
    <${tag}${attributes(query, own)}${secret ? ` token="${secret}"` : ''}></${tag}>
    <noscript>This page draws live data and needs JavaScript.</noscript>
  </body>
</html>
`;
    return c.body(page, 200, headers);
  };
}
