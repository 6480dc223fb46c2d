// Makes a clone ready to run: dependencies and build, each only when something they are made from has changed.
// Plain Node, no dependency: nothing is installed yet when this runs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const INSTALL_STAMP = join(root, 'node_modules', '.telltale-install');
const BUILD_STAMP = join(root, 'server', 'dist', '.stamp');
const MANIFESTS = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].concat(
  ['shared', 'server', 'web', 'tests'].map((name) => join(name, 'package.json')),
);
/** What all that is built is made of. */
export const SOURCES = [
  ...MANIFESTS,
  'shared/src',
  'server/src',
  'server/bin',
  'web/src',
  'web/public',
  'web/index.html',
  'web/sign-in.html',
  'web/vite.config.ts',
];

/** Runs a program; its output goes to stderr, since stdout belongs to the product. Throws when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (result.error) throw new Error(`cannot start ${command}: ${result.error.message}`);
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed (${result.status ?? result.signal})`);
}

/** Runs a program of a dependency with this very Node, which works the same on every platform. */
export function runBin(file, args, options) {
  run(process.execPath, [join(root, 'node_modules', file), ...args], options);
}

/** Runs the pinned pnpm through npm, which is all that a machine with Node has. */
export function pnpm(args) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pinned = packageManager.split('+')[0];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js')) run(process.execPath, [npm, 'exec', '--yes', '--', pinned, ...args]);
  else run('npx', ['--yes', pinned, ...args], { shell: process.platform === 'win32' });
}

function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

/** Installs what the lockfile says, unless that was done already. */
export function install() {
  const hash = createHash('sha256');
  for (const file of MANIFESTS) hash.update(readFileSync(join(root, file)));
  const stamp = `${hash.digest('hex')} ${process.version} ${process.platform}`;
  if (stampIs(INSTALL_STAMP, stamp)) return;
  console.error('telltale: installing (once; takes some seconds)');
  pnpm(['install', '--frozen-lockfile']);
  writeFileSync(INSTALL_STAMP, stamp);
}

function* filesBelow(path) {
  if (!statSync(path).isDirectory()) return yield path;
  for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name));
}

/** Makes what is made of some files, unless none of them has changed since. */
export function unlessMade(stampFile, sources, make) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesBelow(join(root, source))) {
      const { mtimeMs, size } = statSync(file);
      hash.update(`${file} ${mtimeMs} ${size}\n`);
    }
  }
  const stamp = `${hash.digest('hex')} ${process.version} ${process.platform}`;
  if (stampIs(stampFile, stamp)) return;
  // What is half made is not made.
  rmSync(stampFile, { force: true });
  make();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Builds the server and the dashboard, unless nothing has changed since. */
export function build() {
  unlessMade(BUILD_STAMP, SOURCES, () => {
    console.error('telltale: building');
    // In a process of its own: the bundlers' memory and threads are gone before the server starts.
    run(process.execPath, [join(root, 'server', 'bin', 'build.js')]);
  });
}
