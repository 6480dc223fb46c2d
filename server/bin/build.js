// Builds what is served and run into server/dist. `npm run build` runs it alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { root, runBin } from './workspace.js';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The server and the worker for systeminformation, each one file that needs nothing but Node. */
export const serverBuild = {
  absWorkingDir: join(root, 'server'),
  entryPoints: { telltale: 'src/main.ts', 'portable-worker': 'src/collect/portable/worker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: true,
  define: { TELLTALE_VERSION: JSON.stringify(version) },
  // Bundled CommonJS modules ask for Node's own by `require`.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
};

export async function buildAll() {
  await esbuild.build(serverBuild);
  runBin('vite/bin/vite.js', ['build', 'web', '--logLevel', 'warn', '--outDir', '../server/dist/web', '--emptyOutDir']);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
