import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import * as https from 'node:https';
import { fileURLToPath } from 'node:url';
import type { Asking, Transport } from './recorder.ts';

const file = (name: string) => fileURLToPath(new URL(`./tls/${name}.pem`, import.meta.url));
/** What makes a server speak HTTPS with HTTP/2. The pair of files is for tests alone: it names localhost. */
export const TLS = ['--tls-cert', file('cert'), '--tls-key', file('key')];

/** HTTP/1.1 over TLS, on a connection of its own. */
export const https1: Transport = (url, headers, answered, failed) =>
  https
    .get(url, { agent: false, rejectUnauthorized: false, headers })
    .on('error', failed)
    .once('response', (body) =>
      answered({ status: body.statusCode ?? 0, coding: body.headers['content-encoding'], body }),
    );

/** When a reader resets its stream (RST_STREAM): after so many bytes of the body. */
export interface Reset {
  readonly after: number;
  readonly code: number;
}

export interface SessionsOptions {
  /** The address of each session, by its number. Defaults to that of what is asked for. */
  readonly urlOf?: (index: number) => string;
  /** Asked for each stream, by its number; `null` for a stream that is not reset. */
  readonly resetOf?: (index: number) => Reset | null;
}

/** One session for all streams, as a browser has it, and a new one when that has gone. */
export class Sessions {
  /** Streams that were reset on purpose. */
  resets = 0;
  readonly #options: SessionsOptions;
  #session: ClientHttp2Session | null = null;
  #sessions = 0;
  #streams = 0;

  constructor(options: SessionsOptions = {}) {
    this.#options = options;
  }

  /** How many there were. */
  get count(): number {
    return this.#sessions;
  }

  /** The one there is now, to be hurt. */
  get current(): ClientHttp2Session | null {
    return this.#session;
  }

  close(): void {
    this.#session?.destroy();
  }

  #open(url: string): ClientHttp2Session {
    if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const { urlOf = () => url } = this.#options;
    const session = connect(urlOf(this.#sessions++), { rejectUnauthorized: false });
    // Each of its streams is told as well.
    session.on('error', () => {});
    this.#session = session;
    return session;
  }

  readonly transport: Transport = (url, headers, answered, failed): Asking => {
    const { pathname, search } = new URL(url);
    const session = this.#open(url);
    const stream = session.request({ ':path': pathname + search, ...headers });
    const reset = this.#options.resetOf?.(this.#streams++) ?? null;
    stream.on('error', failed);
    stream.once('close', () => failed(new Error('closed before an answer')));
    stream.once('response', ({ ':status': status = 0, 'content-encoding': coding }) => {
      answered({ status, coding, body: stream });
      if (reset) this.#resetInTime(stream, reset);
    });
    if (reset?.after === 0) this.#reset(stream, reset.code);
    return {
      setTimeout: (ms, silent) => stream.setTimeout(ms, silent),
      destroy(error) {
        if (error) session.destroy();
        else stream.close(constants.NGHTTP2_CANCEL);
      },
    };
  };

  #resetInTime(stream: ClientHttp2Stream, { after, code }: Reset): void {
    let bytes = 0;
    stream.on('data', (data: Buffer | string) => {
      bytes += data.length;
      if (bytes >= after) this.#reset(stream, code);
    });
  }

  #reset(stream: ClientHttp2Stream, code: number): void {
    if (stream.closed) return;
    this.resets++;
    stream.close(code);
  }
}
