import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/** What a request may have of headers. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** What the headers of a request take, written as HTTP/1.1 writes them. */
export function headerBytes({ rawHeaders }: IncomingMessage | Http2ServerRequest): number {
  // Of each pair two are for ": ", and two for the end of the line.
  return rawHeaders.reduce((bytes, text) => bytes + text.length + 2, 0);
}
