import { Source } from './source.ts';
import { platformWorld } from './world.ts';

interface Shared {
  readonly source: Source;
  users: number;
}

const shared = new Map<string, Shared>();
/** A source that nobody uses is closed after this long: moving an element takes it out and puts it in again. */
const LINGER_MS = 1_000;

/** Resolves `src` to the base of a server. Throws a `TypeError` for what is no http(s) URL. */
export function toBase(src: string, page?: string): string {
  const url = new URL(src, page);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`"${src}" is not an http(s) URL`);
  url.search = '';
  url.hash = '';
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** Gives a source of the page's own to whoever asks for this base; the answer takes it away and closes it. */
export function provideSource(base: string, source: Source): () => void {
  const key = JSON.stringify([base, null]);
  shared.set(key, { source, users: 1 });
  return () => {
    shared.delete(key);
    source.close();
  };
}

/** The page's one source for a server and token, and how to let go of it. */
export function acquireSource(base: string, token: string | null): { source: Source; release: () => void } {
  const key = JSON.stringify([base, token]);
  const entry = shared.get(key) ?? { source: new Source({ base, token }, platformWorld), users: 0 };
  shared.set(key, entry);
  entry.users++;
  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    entry.users--;
    platformWorld.after(LINGER_MS, () => {
      if (entry.users > 0 || shared.get(key) !== entry) return;
      shared.delete(key);
      entry.source.close();
    });
  };
  return { source: entry.source, release };
}
