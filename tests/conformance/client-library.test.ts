import { expect, it } from 'vitest';
import { startServer } from '../support/server.ts';

/** The client alone, as it is built for pages and programs without a package manager. */
const LIBRARY = new URL('../../web/dist/client.js', import.meta.url);

it('the client is a library for Node too', async () => {
  const server = await startServer();
  try {
    const { connect } = await import(LIBRARY.href);
    const stream = connect({ url: server.url, metrics: ['memory'] });
    const names: string[] = [];
    for await (const { name } of stream) {
      names.push(name);
      if (names.length === 3) stream.close();
    }
    expect(names).toEqual(['hello', 'memory', 'memory']);
  } finally {
    await server.stop();
  }
});
