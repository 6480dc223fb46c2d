/** A module served by Telltale lies at one of these places below the server's base. */
const SERVED = /^(.*\/)(?:embed\.js|embed\/[^/]+\.js|assets\/[^/]+\.js)$/;

/** The server that this module came from, else the one that serves the page. */
export function ownBase(): string {
  const { origin, pathname } = new URL(import.meta.url);
  const [, base] = SERVED.exec(pathname) ?? [];
  return base === undefined ? new URL('./', document.baseURI).href : `${origin}${base}`;
}
