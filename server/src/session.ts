import type { Http2Session, Http2Stream } from 'node:http2';
import type { Clock } from './clock.ts';

/**
 * Ends a session of HTTP/2 that has had no stream for `idleMs`. A request that is half there is no stream yet, and a ping
 * is none; Node's own limit is put off by both.
 *
 * And has the session closed in our way: it ends with its last stream. Node closes one whose other end says that it goes
 * away (GOAWAY) while it still reads what came with that, and aborts at a request which it reads then
 * (nodejs/node#64113): it refuses it, which sends its own GOAWAY at once, which frees the stream that is just being
 * refused. So anybody could stop the server. Closed like this, it refuses nothing: whatever is asked for is served, also
 * what is asked for later, until nothing is left; then the session is ended from a timer, where nothing is being read.
 */
export function tendSession(session: Http2Session, { after }: Pick<Clock, 'after'>, idleMs: number): void {
  const open = new Set<Http2Stream>();
  let isClosing = false;
  let cancelEnd = () => {};
  const look = () => {
    cancelEnd();
    const isIdle = open.size === 0 && !session.destroyed;
    cancelEnd = isIdle ? after(isClosing ? 0 : idleMs, () => session.destroy()) : () => {};
  };
  session.close = () => {
    isClosing = true;
    look();
  };
  session.on('stream', (stream: Http2Stream) => {
    // One that was reset along with the request has closed already.
    if (stream.destroyed) return look();
    open.add(stream);
    look();
    stream.once('close', () => {
      open.delete(stream);
      look();
    });
  });
  session.once('close', () => cancelEnd());
  look();
}
