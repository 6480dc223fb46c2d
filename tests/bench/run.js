// `npm run bench`: every benchmark, or those that are named. Plain Node; it installs and builds first.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, install, root } from '../../server/bin/workspace.js';
import { findBrowsers } from '../support/browser.js';

const BENCHES = {
  agree: 'whether our numbers are those of free, mpstat, iostat, vmstat, df, ps and node_exporter, idle and under load',
  browser:
    'what a page of charts costs a browser, ours against uPlot and Chart.js, and how soon it is there; --quick, --first, --day',
  collect: 'what it costs to watch this machine, ours against node_exporter and systeminformation; --quick',
  dashboard:
    'what the dashboard costs to load and to leave open, beside that of Netdata where it is installed; --quick',
  history: 'what it costs to remember a machine for a day and a week, on disk, in CPU, and to ask; --quick',
  stream: 'what an event to each of many subscribers costs, ours against other servers; --quick, --sizes=100,1000',
};

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  const list = Object.entries(BENCHES).map(([name, what]) => `  ${name}: ${what}`);
  console.error(`"${unknown.join('", "')}" is no benchmark. There are:\n${list.join('\n')}`);
  process.exit(2);
}

install();
build();
const esbuild = await import('esbuild');
const outdir = join(root, '.cache', 'bench');
mkdirSync(outdir, { recursive: true });
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  const outfile = join(outdir, `${name}.js`);
  await esbuild.build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
    // The database is the server's, binaries and all.
    alias: { libsql: join(root, 'server', 'node_modules', 'libsql', 'index.js') },
    external: [join(root, 'server', 'node_modules', 'libsql', '*'), '@playwright/test', 'esbuild'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  // What finds browsers asks where it lies itself, so it is not part of a bundle.
  if (name === 'browser' || name === 'dashboard') Object.assign(process.env, (await findBrowsers()).found.chromium);
  const { bench } = await import(pathToFileURL(outfile).href);
  await bench(outfile, flags);
}
