/** Where a server is, with its base path and a "/" at the end; an `Error` says what would be right. */
export function toBase(given: string): string | Error {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return new Error(`"${given}" is not the address of a server like http://127.0.0.1:7411`);
  }
  url.search = '';
  url.hash = '';
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
