// Finds the browsers for the tests, or gets them in whatever way this machine allows.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, runBin } from '../../server/bin/workspace.js';

const BROWSERS = {
  chromium: {
    variable: 'TELLTALE_CHROMIUM',
    debian: 'chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    darwin: ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'],
    win32: ['Google/Chrome/Application/chrome.exe'],
  },
  firefox: {
    variable: 'TELLTALE_FIREFOX',
    debian: 'firefox-esr',
    commands: ['firefox-esr', 'firefox'],
    darwin: ['Firefox.app/Contents/MacOS/firefox'],
    win32: ['Mozilla Firefox/firefox.exe'],
  },
};
/** Where programs are that no command starts. */
const FOLDERS = {
  darwin: ['/Applications'],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) => process.env[variable] || []),
};

/**
 * Answers for each browser that there is the environment by which Playwright finds it, which is empty for the one that
 * Playwright has installed itself, and a problem that says what to do about those that there are not, or `null`.
 */
export async function findBrowsers() {
  await installMissing();
  const found = {};
  const problems = [];
  for (const [name, { variable, debian }] of Object.entries(BROWSERS)) {
    const path = await pathOf(name);
    if (path === null) {
      const ways = `install it (Debian: apt-get install ${debian}) or run "npx playwright install ${name}"`;
      problems.push(`no ${name}: ${ways}, or name one that you have in ${variable}`);
    } else if (path && !works(path)) {
      problems.push(`${variable} names ${path}, which does not start`);
    } else {
      console.log(`${name}: ${path || "Playwright's own"}`);
      found[name] = path ? { [variable]: path } : {};
    }
  }
  return { found, problem: problems.join('; ') || null };
}

/** A path, '' for Playwright's own, or `null`. One that is given is taken at its word. */
async function pathOf(name) {
  const { variable, commands, [process.platform]: programs = [] } = BROWSERS[name];
  if (process.env[variable]) return process.env[variable];
  const folders = process.platform === 'win32' ? [] : (process.env.PATH ?? '').split(delimiter);
  const every = (places, files) => places.flatMap((place) => files.map((file) => join(place, file)));
  const path = [...every(folders, commands), ...every(FOLDERS[process.platform] ?? [], programs)].find(works);
  if (path) return path;
  const playwright = await import('@playwright/test');
  return existsSync(playwright[name].executablePath()) ? '' : null;
}

async function installMissing() {
  for (const install of [byDebian, byPlaywright]) {
    const names = Object.keys(BROWSERS);
    const paths = await Promise.all(names.map(pathOf));
    const missing = names.filter((_, i) => paths[i] === null);
    if (missing.length === 0) return;
    try {
      install(missing);
    } catch (error) {
      console.log(`${missing.join(', ')}: ${error.message}`);
    }
  }
}

/** Ubuntu's packages are no browsers but pointers to snaps, so only Debian's own count. */
function byDebian(names) {
  if (!existsSync('/usr/bin/apt-get')) return;
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return;
  const isRoot = process.getuid() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) return;
  // sudo drops the environment, so the setting goes through env(1).
  const prefix = [...(isRoot ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const apt = (...args) => run(prefix[0], [...prefix.slice(1), ...args]);
  apt('update');
  const packages = names.map((name) => BROWSERS[name].debian);
  apt('install', '-y', '--no-install-recommends', ...packages, 'fonts-dejavu-core');
}

function byPlaywright(names) {
  runBin('@playwright/test/cli.js', ['install', ...names]);
}

/** A file of that name may be a stub that starts nothing. On Windows `--version` would open a window. */
function works(path) {
  if (!existsSync(path)) return false;
  return process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0;
}
