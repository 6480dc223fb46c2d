// Builds what is served and run into server/dist. `npm run build` runs it alone, and makes the package too.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { build as viteBuild } from 'vite';
import { root, runBin } from './workspace.js';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The server and its workers, each one file; beside them only the database comes as a package, with its binaries. */
export const serverBuild = {
  absWorkingDir: join(root, 'server'),
  entryPoints: {
    telltale: 'src/main.ts',
    'portable-worker': 'src/collect/portable/worker.ts',
    'history-worker': 'src/history/worker.ts',
  },
  // Its binaries are chosen where it runs.
  external: ['libsql'],
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

/**
 * Every element in one module, for pages of others. By Vite as the page is: esbuild keeps four scales of Chart.js that
 * nobody uses, a tenth of the whole, since reading a property might do something.
 */
const libraryBuild = (entry, format, output, define = {}, external = []) => ({
  configFile: join(root, 'web', 'vite.config.ts'),
  root: join(root, 'web'),
  publicDir: false,
  logLevel: 'warn',
  define,
  build: {
    write: false,
    lib: { entry, formats: [format], name: 'dashboard' },
    // A library is left with its white space otherwise, for the bundlers of others.
    rolldownOptions: { external, output: { minify: true, comments: false, ...output } },
  },
});

async function bundle(options) {
  const [{ output }] = await viteBuild(options);
  return output[0].code;
}

const hashOf = (code) => createHash('sha256').update(code).digest('hex').slice(0, 16);

/**
 * The dashboard for pages of others comes in a second file, and shares with the first what a page may have once only: the
 * client, whose connections it shares, and Lit, whose policy for Trusted Types has one name. It is handed both: an import
 * would have to name that file, which pages load under two names.
 */
async function buildEmbed(web) {
  const handed = (id) => (id === 'lit' ? 'lit' : id === 'lit/decorators.js' ? 'decorators' : 'client');
  const isHanded = (id) => id === 'lit' || id === 'lit/decorators.js' || /\/client\/index\.ts$/.test(id);
  const dashboard = await bundle(libraryBuild('src/embed-dashboard.ts', 'iife', { globals: handed }, {}, isHanded));
  const dashboardModule = `export function install({client,lit,decorators}){${dashboard}}`;
  const dashboardFile = `embed/dashboard-${hashOf(dashboardModule)}.js`;
  const code = await bundle(
    libraryBuild('src/embed.ts', 'es', {}, { TELLTALE_DASHBOARD: JSON.stringify(dashboardFile) }),
  );
  mkdirSync(join(web, 'embed'), { recursive: true });
  writeFileSync(join(web, dashboardFile), dashboardModule);
  writeFileSync(join(web, 'embed.js'), code);
  const file = `embed/${hashOf(code)}.js`;
  writeFileSync(join(web, file), code);
  const integrity = `sha384-${createHash('sha384').update(code).digest('base64')}`;
  writeFileSync(join(web, 'embed.json'), JSON.stringify({ file, integrity }));
}

/** The client alone in one file, for pages and programs that have no package manager. */
const clientBuild = {
  absWorkingDir: join(root, 'web'),
  entryPoints: { client: 'src/client/index.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  logLevel: 'warning',
};

export async function buildAll() {
  const web = join(root, 'server', 'dist', 'web');
  await esbuild.build(serverBuild);
  runBin('vite/bin/vite.js', ['build', 'web', '--logLevel', 'warn', '--outDir', web, '--emptyOutDir']);
  await buildEmbed(web);
  await esbuild.build(clientBuild);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
