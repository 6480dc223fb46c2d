import { fromAttribute } from '../attribute-text.ts';

/** What `embed.json` says: the file of this very version below the base, and what it must hash to (SRI). */
export interface EmbedFile {
  readonly file: string;
  readonly integrity: string;
}

/** What to write where, so that an element of this server lives in a page of somebody else. */
export interface EmbedSnippets {
  readonly script: string;
  /** With the version pinned, or `null` where that is not known. */
  readonly pinned: string | null;
  readonly frame: string;
  readonly policy: string;
  readonly flag: string;
}

const ATTRIBUTE = /([\w-]+)(?:="([^"]*)")?/g;

/** `markup`: the tag and its attributes; `base`: the server's, with a `/` at the end. */
export function embedSnippets(markup: string, base: string, file: EmbedFile | null): EmbedSnippets {
  const [tag = '', ...rest] = markup.split(' ');
  const element = `<${markup} src="${base}"></${tag}>`;
  const { origin } = new URL(base || 'http://localhost/');
  const query = new URLSearchParams();
  for (const [, name = '', value = ''] of rest.join(' ').matchAll(ATTRIBUTE)) query.set(name, fromAttribute(value));
  const search = query.size === 0 ? '' : `?${query}`.replaceAll('&', '&amp;');
  return {
    script: `<script type="module" src="${base}embed.js"></script>\n${element}`,
    pinned:
      file &&
      `<script type="module" src="${base}${file.file}" integrity="${file.integrity}" crossorigin></script>\n${element}`,
    frame: `<iframe src="${base}embed/${tag.replace('telltale-', '')}${search}" title="Telltale" width="100%" height="320"></iframe>`,
    policy: `script-src ${origin}; connect-src ${origin}; require-trusted-types-for 'script'; trusted-types lit-html`,
    flag: 'telltale --allow-origin https://example.org',
  };
}
