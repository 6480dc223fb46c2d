import * as tls from 'node:tls';

// HTTP/2 by hand (RFC 9113), for what no client does.

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE] = [0, 1, 3, 4, 6, 7, 8];
const [END_STREAM, END_HEADERS] = [1, 4];
const INITIAL_WINDOW_SIZE = 4;
const FRAME_HEADER = 9;
const WIDE = 0x3fffffff;
const WAIT_MS = 15_000;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

/** An integer with a prefix of seven bits, and the bytes that it counts (RFC 7541, 5.1 and 5.2), uncompressed. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = bytes.length < 127 ? [bytes.length] : [127];
  for (let rest = bytes.length - 127; rest >= 0; rest = rest < 128 ? -1 : rest >> 7) {
    length.push(rest < 128 ? rest : (rest & 127) | 128);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** A literal without indexing, with a literal name (RFC 7541, 6.2.2). */
const field = ([name, value]: [string, string]) => Buffer.concat([Buffer.from([0]), text(name), text(value)]);

const settings = (() => {
  const setting = Buffer.alloc(6);
  setting.writeUInt16BE(INITIAL_WINDOW_SIZE, 0);
  setting.writeUInt32BE(WIDE, 2);
  return frame(SETTINGS, 0, 0, setting);
})();

export const goaway = (code: number) => frame(GOAWAY, 0, 0, numbers(0, code));
export const ping = () => frame(PING, 0, 0, Buffer.alloc(8));
export const reset = (stream: number, code: number) => frame(RST_STREAM, 0, stream, numbers(code));

/** A request by GET. One that is `unfinished` is a field short, so that the server waits for the rest. */
function get(stream: number, authority: string, path: string, { unfinished = false } = {}): Buffer {
  const fields = { ':method': 'GET', ':scheme': 'https', ':authority': authority, ':path': path };
  const block = Buffer.concat(Object.entries(fields).map(field));
  return frame(HEADERS, END_STREAM | (unfinished ? 0 : END_HEADERS), stream, block);
}

/** A session that does what it is told, and acknowledges nothing. */
export class RawSession {
  readonly authority: string;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** The streams that the server has reset, and with which code. */
  readonly resets = new Map<number, number>();
  readonly #socket: tls.TLSSocket;
  readonly #texts = new Map<number, string>();
  readonly #waiting = new Set<() => void>();
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;

  private constructor(socket: tls.TLSSocket, authority: string) {
    this.#socket = socket;
    this.authority = authority;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      });
    });
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
  }

  static open(port: number): Promise<RawSession> {
    return new Promise((resolve, reject) => {
      const socket = tls.connect({ port, host: '127.0.0.1', ALPNProtocols: ['h2'], rejectUnauthorized: false });
      socket.once('secureConnect', () => resolve(new RawSession(socket, `127.0.0.1:${port}`)));
      socket.on('error', reject);
    });
  }

  /** Begins the session, and sends these frames in the same piece, so that the server reads them at once. */
  begin(...frames: readonly Buffer[]): void {
    // The window of the connection is not among the settings.
    this.send(PREFACE, settings, frame(WINDOW_UPDATE, 0, 0, numbers(WIDE)), ...frames);
  }

  send(...frames: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(frames));
  }

  get(stream: number, path: string, options: { unfinished?: boolean } = {}): Buffer {
    return get(stream, this.authority, path, options);
  }

  /** The body of a stream so far. */
  text(stream: number): string {
    return this.#texts.get(stream) ?? '';
  }

  /** Resolves once the body of a stream is as it should be. */
  until(stream: number, fits: (text: string) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      const fail = (why: string) => done(() => reject(new Error(`${why}; stream ${stream}: ${this.text(stream)}`)));
      const look = () => {
        if (fits(this.text(stream))) done(resolve);
        else if (this.#isClosed) fail('the connection was closed');
      };
      const timer = setTimeout(() => fail(`waited ${WAIT_MS} ms`), WAIT_MS);
      this.#waiting.add(look);
      look();
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      if (this.#received.length < FRAME_HEADER) break;
      const end = FRAME_HEADER + this.#received.readUIntBE(0, 3);
      if (this.#received.length < end) break;
      const [type, stream] = [this.#received[3], this.#received.readUInt32BE(5)];
      const payload = this.#received.subarray(FRAME_HEADER, end);
      this.#received = this.#received.subarray(end);
      if (type === DATA) this.#texts.set(stream, this.text(stream) + payload.toString());
      else if (type === RST_STREAM) this.resets.set(stream, payload.readUInt32BE());
    }
    this.#wake();
  }
}
