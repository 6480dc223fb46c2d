// Runs checks and test runners and counts. Plain Node: nothing is installed yet when this runs.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../server/bin/workspace.js';

const total = { passed: 0, failed: 0 };

/**
 * Runs one check, which fails by throwing; the others run all the same, so that one run shows every failure.
 * Answers whether it passed.
 */
export function check(name, run) {
  return count(name, async () => {
    await run();
    return { passed: 1, failed: 0 };
  });
}

/** Runs a test runner that leaves a report; `read` finds the counts in it. */
export function runner(name, file, args, { report, read, env = {} }) {
  return count(name, () => {
    const path = join(root, report);
    // What an earlier run left must not be counted for this one.
    rmSync(path, { force: true });
    const { status, signal, error } = spawnSync(process.execPath, [join(root, 'node_modules', file), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    if (error) throw new Error(`it cannot be started: ${error.message}`);
    const counts = read(JSON.parse(readFileSync(path, 'utf8')));
    // A runner may fail without a failed test: a file that cannot be loaded, an error outside of all tests.
    if (status !== 0 && counts.failed === 0) throw new Error(`it ended with ${status ?? signal}`);
    if (counts.passed + counts.failed === 0) throw new Error('it executed no test');
    return counts;
  });
}

/** What cannot even be tried counts as failed. */
export function impossible(name, reason) {
  console.log(`\n${name}: FAILED: ${reason}`);
  total.failed++;
}

/**
 * Runs a program of a dependency; throws when it fails. `folder` is below the root. What it says is shown once it has
 * ended, since it may run beside another.
 */
export async function bin(file, args, folder = '.') {
  const child = spawn(process.execPath, [join(root, 'node_modules', file), ...args], {
    cwd: join(root, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  const [status, signal] = await once(child, 'close');
  process.stdout.write(said);
  if (status !== 0) throw new Error(`it ended with ${status ?? signal}`);
}

/** Says the end result, in a line of its own that is always the last. */
export function finish() {
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function count(name, run) {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  try {
    const { passed, failed } = await run();
    total.passed += passed;
    total.failed += failed;
    console.log(`${name}: ${failed === 0 ? 'ok' : `${failed} FAILED`} in ${seconds()}`);
    return failed === 0;
  } catch (error) {
    total.failed++;
    console.log(`${name}: FAILED in ${seconds()}: ${error.message}`);
    return false;
  }
}
