import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of another origin, as any site is. */
export interface ForeignPage {
  readonly origin: string;
  /** What is served from now on. `policy` is its content security policy. */
  serve(body: string, policy?: string): void;
  close(): void;
}

export async function openForeignPage(): Promise<ForeignPage> {
  let head: Record<string, string> = {};
  let html = '';
  const server = createServer((request, response) => {
    if (request.url !== '/') {
      // Browsers ask for an icon, and complain where there is no answer.
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...head });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    serve(body, policy) {
      head = policy === undefined ? {} : { 'content-security-policy': policy };
      html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>elsewhere</title></head><body>${body}</body></html>`;
    },
    close: () => server.close(),
  };
}
