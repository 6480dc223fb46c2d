import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TELLTALE = fileURLToPath(new URL('../../server/bin/telltale.js', import.meta.url));
const SCALES = new URL('./scales.js', import.meta.url).href;
/** A start reads some files and listens; a machine that is busy with other tests may need a while for it. */
const START_MS = 15_000;

/** How a run of the command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it has said on stderr so far. */
  readonly stderr: () => string;
  /** Asks it to end and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<Ended>;
}

interface Child {
  readonly process: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
}

const running = new Set<ChildProcess>();
// A test that throws leaves its servers behind; none outlives the process that started them.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Only what a test says itself may configure the server under test. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TELLTALE_')));
}

function start(args: readonly string[], nodeArgs: readonly string[] = [], under: readonly string[] = []): Child {
  const [command = '', ...rest] = [...under, process.execPath, ...nodeArgs, TELLTALE, ...args];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: ownEnvironment(),
  });
  running.add(child);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, ...output });
    });
  });
  return { process: child, output, ended };
}

/** Runs the command line to its end. One that goes on for longer than a start may take is killed: its code is `null`. */
export async function runTelltale(...args: string[]): Promise<Ended> {
  const child = start(args);
  const timer = setTimeout(() => child.process.kill('SIGKILL'), START_MS);
  try {
    return await child.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Starts the built server on a free port of loopback and waits for the line that says that it listens. */
export function startServer(...args: string[]): Promise<RunningServer> {
  return listening(start(['--port', '0', '--data', 'none', ...args]));
}

/** Serves a recording on a free port of loopback, and waits until it is served. */
export function startPlaying(file: string, ...args: string[]): Promise<RunningServer> {
  return listening(start(['play', file, '--port', '0', ...args]));
}

/** The same under another command, which runs the one that follows it. */
export function startServerUnder(under: readonly string[], ...args: string[]): Promise<RunningServer> {
  return listening(start(['--port', '0', '--data', 'none', ...args], [], under));
}

/** What a server holds, after a garbage collection. */
export interface Holdings {
  /** Bytes on the heap and beside it. */
  readonly bytes: number;
  /** What keeps the process alive, such as sockets and timers, counted by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** The same, with a door to look inside: `weigh` collects garbage and answers what is left. */
export async function startWeighedServer(...args: string[]): Promise<RunningServer & { weigh(): Promise<Holdings> }> {
  const child = start(['--port', '0', '--data', 'none', ...args], ['--expose-gc', '--import', SCALES]);
  const server = await listening(child);
  return {
    ...server,
    weigh() {
      const before = server.stderr().length;
      child.process.kill('SIGUSR2');
      return new Promise((resolve) => {
        const look = () => {
          const line = /^scales (\{.*\})\n/m.exec(server.stderr().slice(before));
          if (!line) return;
          child.process.stderr?.off('data', look);
          resolve(JSON.parse(line[1] as string));
        };
        child.process.stderr?.on('data', look);
      });
    },
  };
}

async function listening(child: Child): Promise<RunningServer> {
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => {
      child.process.kill('SIGKILL');
      reject(new Error(`the server ${why}: ${child.output.stderr}`));
    };
    const timer = setTimeout(() => fail(`said nothing for ${START_MS} ms`), START_MS);
    child.process.stdout?.on('data', () => {
      const line = /^(.*)\n/.exec(child.output.stdout)?.[1];
      if (line === undefined) return;
      clearTimeout(timer);
      const match = /^telltale listening on (https?:\/\/\S+)$/.exec(line);
      if (match) resolve(match[1] as string);
      else fail(`began with "${line}"`);
    });
    child.ended.then(({ code }) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    }, reject);
  });
  const end = (signal: NodeJS.Signals) => {
    child.process.kill(signal);
    return child.ended;
  };
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.process.pid as number,
    stderr: () => child.output.stderr,
    stop: (signal = 'SIGTERM') => end(signal),
    kill: () => end('SIGKILL'),
  };
}
