import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const ROOT = fileURLToPath(new URL('../../web', import.meta.url));
const CONFIG = fileURLToPath(new URL('../../web/vite.config.ts', import.meta.url));
const OUT = fileURLToPath(new URL('../../test-results/gallery', import.meta.url));

/** The gallery, built as pages are and served: `npm run dev` builds it as it goes, and reloads when it notices more. */
export async function startGallery(): Promise<{ url: string; close(): Promise<void> }> {
  const common = { root: ROOT, configFile: CONFIG, logLevel: 'error' } as const;
  const input = fileURLToPath(new URL('../../web/gallery.html', import.meta.url));
  await build({ ...common, build: { outDir: OUT, emptyOutDir: true, rolldownOptions: { input } } });
  const server = await preview({ ...common, build: { outDir: OUT }, preview: { host: '127.0.0.1', port: 0 } });
  const [local = ''] = server.resolvedUrls?.local ?? [];
  return { url: `${local}gallery.html`, close: () => server.close() };
}
