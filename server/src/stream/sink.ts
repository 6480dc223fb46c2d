import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';

/** How a transport wraps each piece of a body. */
export type Framing = 'none' | 'chunked';

/** Where a subscriber's bytes go. */
export interface Sink {
  /** What pieces must be wrapped in before they are written; the same for all who are sent the same bytes. */
  readonly framing: Framing;
  write(framed: Buffer): void;
  /** Bytes that were written and that the kernel has not taken yet. */
  pending(): number;
  /** Ends the response after what was written. */
  end(): void;
  /** Drops the connection at once. */
  destroy(): void;
  /** The inode of its socket, under which the kernel tells of it; `null` where that cannot be known. */
  readonly inode: string | null;
}

const LINE_END = Buffer.from('\r\n');

/** Wraps a piece: nothing, or a chunk of HTTP/1.1 (RFC 9112, 7.1). An empty chunk would end the body and is none. */
export function frame(framing: Framing, bytes: Buffer): Buffer {
  if (framing === 'none' || bytes.length === 0) return bytes;
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, LINE_END]);
}

/**
 * Opens the response for a body that is written as it comes. Over HTTP/1.1 the chunks are made here, once for all who
 * are sent the same, and go to the socket: Node's own way makes three buffers of each for each. HTTP/1.0 and HTTP/2 have
 * no chunks, and a pipelined request has no socket until its turn; these go through Node's response.
 */
export function openSink(
  incoming: IncomingMessage,
  outgoing: ServerResponse | Http2ServerResponse,
  inode: string | null,
  drained: () => void,
): Sink {
  if ('stream' in outgoing) {
    outgoing.on('drain', drained);
    return {
      framing: 'none',
      write: (bytes) => void outgoing.write(bytes),
      pending: () => outgoing.writableLength,
      end: () => void outgoing.end(),
      destroy: () => void outgoing.stream.destroy(),
      inode,
    };
  }
  outgoing.flushHeaders();
  const { socket } = outgoing;
  const direct = socket !== null && outgoing.chunkedEncoding && incoming.httpVersion === '1.1';
  const target = direct ? socket : outgoing;
  target.on('drain', drained);
  // The socket outlives the response where the connection is kept alive.
  outgoing.on('close', () => target.off('drain', drained));
  return {
    framing: direct ? 'chunked' : 'none',
    write: (framed) => void target.write(framed),
    pending: () => target.writableLength,
    end: () => void outgoing.end(),
    destroy: () => void outgoing.destroy(),
    inode,
  };
}
