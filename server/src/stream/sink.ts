import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerResponse } from 'node:http2';
import { Share } from './share.ts';

/** How a transport wraps each piece of a body. */
export type Framing = 'none' | 'chunked';

/** Where a subscriber's bytes go. */
export interface Sink {
  /** What pieces must be wrapped in before they are written; the same for all who are sent the same bytes. */
  readonly framing: Framing;
  write(framed: Buffer): void;
  /** Bytes that were written and that the kernel has not taken yet. */
  pending(): number;
  /** How many bytes of this response the kernel holds, of so many that it holds for the whole connection. */
  unacknowledged(ofConnection: number): number;
  /** Ends the response after what was written. */
  end(): void;
  /** Drops the response at once, and with it a connection that has no other. */
  destroy(): void;
  /** Drops the connection with all that is on it: nobody is at its other end. */
  abandon(): void;
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
    return openStreamSink(outgoing, inode);
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
    unacknowledged: (ofConnection) => ofConnection,
    end: () => void outgoing.end(),
    destroy: () => void outgoing.destroy(),
    abandon: () => void outgoing.destroy(),
    inode,
  };
}

/**
 * One stream of many on a connection. Its bytes wait in Node, in a queue of its own, for as long as the reader's window
 * is closed (RFC 9113, 5.2); after that they are among those of the other streams.
 */
function openStreamSink(outgoing: Http2ServerResponse, inode: string | null): Sink {
  const { stream } = outgoing;
  const share = new Share();
  let written = 0;
  const free = () => void stream.destroy();
  // A reset without an error (NO_ERROR) would leave the stream waiting for ever for what it cannot send any more.
  stream.once('aborted', free);
  const note = () => share.note(written - outgoing.writableLength, stream.session?.socket.bytesWritten ?? 0);
  return {
    framing: 'none',
    write(bytes) {
      written += bytes.length;
      outgoing.write(bytes);
      note();
    },
    pending: () => outgoing.writableLength,
    unacknowledged(ofConnection) {
      note();
      return share.among(ofConnection);
    },
    end: () => void outgoing.end(),
    destroy() {
      // Destroyed alone it would look to the reader like a body that has come to its end.
      stream.off('aborted', free);
      stream.close(constants.NGHTTP2_CANCEL);
      stream.destroy();
    },
    abandon: () => void stream.session?.destroy(),
    inode,
  };
}
