import * as http from 'node:http';
import * as net from 'node:net';

const WAIT_MS = 10_000;

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** One request with nothing but Node's own client, which adds no header but `Host`. */
export function ask(
  url: string,
  {
    body: sent,
    ...options
  }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string; localAddress?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.once('error', reject);
    });
    request.setTimeout(WAIT_MS, () => request.destroy(new Error(`${url} did not answer within ${WAIT_MS} ms`)));
    request.once('error', reject);
    request.end(sent);
  });
}

/** Writes bytes to a socket and answers with what came back once `enough` says so; without it, when the other side ends. */
export function askRaw(port: number, bytes: string | Buffer, enough?: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    const timer = setTimeout(() => finish(new Error(`not enough after ${WAIT_MS} ms: ${text}`)), WAIT_MS);
    function finish(error?: Error) {
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(error);
      else resolve(text);
    }
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (enough?.(text)) finish();
    });
    socket.once('error', finish);
    socket.once('end', () => finish(!enough || enough(text) ? undefined : new Error(`ended with: ${text}`)));
  });
}
