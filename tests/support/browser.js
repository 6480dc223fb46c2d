// Finds a Chromium for the browser tests, or gets one in whatever way this machine allows.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, runBin } from '../../server/bin/workspace.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) => {
    const folder = process.env[variable];
    return folder ? [join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')] : [];
  }),
};
const HOW_TO =
  'no Chromium: install it (Debian: apt-get install chromium) or run "npx playwright install chromium", ' +
  'or name one that you have in TELLTALE_CHROMIUM';

/** Answers the browser's path, or '' for the one that Playwright has installed itself. Throws what to do without any. */
export async function findBrowser() {
  const given = process.env.TELLTALE_CHROMIUM;
  if (given) {
    if (works(given)) return given;
    throw new Error(`TELLTALE_CHROMIUM names ${given}, which does not start`);
  }
  const found = (await present()) ?? (await installed());
  if (found === null) throw new Error(HOW_TO);
  console.log(`browser: ${found || "Playwright's own"}`);
  return found;
}

async function present() {
  const folders = process.platform === 'win32' ? [] : (process.env.PATH ?? '').split(delimiter);
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))];
  const own = [...candidates, ...(PLACES[process.platform] ?? [])].find(works);
  if (own) return own;
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath()) ? '' : null;
}

async function installed() {
  for (const attempt of [byDebian, byPlaywright]) {
    try {
      if (attempt() === false) continue;
      const found = await present();
      if (found !== null) return found;
    } catch (error) {
      console.log(`browser: ${error.message}`);
    }
  }
  return null;
}

/** Ubuntu's package is no browser but a pointer to a snap, so only Debian's own counts. */
function byDebian() {
  if (!existsSync('/usr/bin/apt-get')) return false;
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return false;
  const isRoot = process.getuid() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) return false;
  // sudo drops the environment, so the setting goes through env(1).
  const prefix = [...(isRoot ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const apt = (...args) => run(prefix[0], [...prefix.slice(1), ...args]);
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  return true;
}

function byPlaywright() {
  runBin('@playwright/test/cli.js', ['install', 'chromium']);
  return true;
}

/** A file of that name may be a stub that starts nothing. On Windows `--version` would open a window. */
function works(path) {
  if (!existsSync(path)) return false;
  return process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0;
}
