import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { runCommand } from './commands/index.ts';
import type { World } from './commands/world.ts';
import { readCommand } from './config.ts';
import { EXIT, ExitError } from './errors.ts';

// The composition root: the only file that touches the process and starts timers. What commands need of them, it hands on.

declare const TELLTALE_VERSION: string;

/** The last is for a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const tell = (line: string) => void process.stderr.write(`telltale: ${line}\n`);

const world: World = {
  version: TELLTALE_VERSION,
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    boot: () => os.uptime() * 1_000,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  },
  random: Math.random,
  fetch,
  env: process.env,
  platform: process.platform,
  pid: process.pid,
  isRoot: process.getuid?.() === 0,
  stdout: process.stdout,
  stderr: process.stderr,
  files: {
    historyWorker: new URL('./history-worker.js', import.meta.url),
    portableWorker: new URL('./portable-worker.js', import.meta.url),
    web: new URL('./web', import.meta.url),
  },
  cost() {
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, residentBytes: process.memoryUsage.rss() };
  },
  tell,
  launch(program, args) {
    spawn(program, args, { stdio: 'ignore', detached: true })
      .on('error', () => {})
      .unref();
  },
  onSignal(heard) {
    for (const signal of SIGNALS) process.on(signal, () => heard(signal));
  },
  stopped() {
    const stop = new AbortController();
    for (const signal of SIGNALS) process.once(signal, () => stop.abort());
    return stop.signal;
  },
  dieOf(signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  },
  exit: (code) => process.exit(code),
  endWith(code) {
    process.exitCode = code;
  },
  fail,
};

function fail(error: unknown): never {
  if (error instanceof ExitError) {
    tell(error.message);
    process.exit(error.exitCode);
  }
  tell(`internal error: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(EXIT.internal);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

export async function main(args: readonly string[]): Promise<void> {
  try {
    const command = readCommand({ args, env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
    await runCommand(command, world);
  } catch (error) {
    fail(error);
  }
}
