import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** An app of `tests/examples`, built as its users build it and served from an origin of its own. */
export async function startExample(name: string): Promise<{ origin: string; close(): Promise<void> }> {
  const common = { root: path(`tests/examples/${name}`), base: './', logLevel: 'error' } as const;
  const outDir = path(`test-results/examples/${name}`);
  const { NODE_ENV } = process.env;
  // What frameworks and Lit complain about they say there only; and only there does React's StrictMode mount twice.
  process.env['NODE_ENV'] = 'development';
  try {
    await build({ ...common, build: { outDir, emptyOutDir: true } });
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
  const server = await preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const [local = ''] = server.resolvedUrls?.local ?? [];
  return { origin: new URL(local).origin, close: () => server.close() };
}
