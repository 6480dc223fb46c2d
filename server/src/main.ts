import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Host, METRIC_NAMES, type MetricName, type Pace, PROTOCOL } from '@telltale/shared';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import type { Clock } from './clock.ts';
import { toCatalog } from './collect/catalog.ts';
import type { FaultChange } from './collect/fault-book.ts';
import { openHostFiles } from './collect/linux/files.ts';
import { openPlatform, type Platform } from './collect/platform.ts';
import { createSampler } from './collect/sampler.ts';
import type { OwnCost } from './collect/self.ts';
import { type CommandCall, usage } from './command-line.ts';
import { type Config, type PlayCall, readCommand } from './config.ts';
import { EXIT, ExitError } from './errors.ts';
import { isLoopback, servedHosts, urlHost } from './guard/hosts.ts';
import { statusOf } from './health.ts';
import { processesRoute } from './history/processes.ts';
import { historyRoute } from './history/route.ts';
import { createLogger, type Logger } from './logger.ts';
import { helpText } from './options.ts';
import { openPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
import { record } from './record/record.ts';
import { exportHistory } from './recording/export-history.ts';
import { exportLive } from './recording/export-live.ts';
import { openPlayback, type Playback } from './recording/playback.ts';
import { openRecording } from './recording/read-recording.ts';
import type { RecordingWorld } from './recording/world.ts';
import { listen } from './server.ts';
import { Admission } from './stream/admission.ts';
import { dataOf } from './stream/event-log.ts';
import { inodeOf, readKernelSockets } from './stream/kernel.ts';
import { streamRoute } from './stream/route.ts';
import { readTls } from './tls.ts';

// The composition root: the only file that touches the process, starts timers and wires the rooms together.

declare const TELLTALE_VERSION: string;
const VERSION = TELLTALE_VERSION;

/** Streams get this long to take the goodbye before they are cut; longer when they are so many that it is spread. */
const DRAIN_MS = 1_000;
const DRAIN_MANY_MS = 4_000;
const MANY = 50;
/** A signal this long after the first is a second wish, not the same one. */
const AGAIN_MS = 300;

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  boot: () => os.uptime() * 1_000,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** What is served: this machine, or a recording of one. */
interface Subject extends Pick<Platform, 'host' | 'hangs' | 'close'> {
  readonly provider: string;
  /** Time as it passes for what is served. */
  readonly clock: Clock;
  readonly recording?: Host['telltale']['recording'];
  readonly openSampler: PipelineOptions['openSampler'];
}

function openMachine(config: Config, cost: Pipeline['cost']): Subject {
  const platform = openPlatform({
    provider: config.provider,
    procRoot: config['proc-root'],
    sysRoot: config['sys-root'],
    workerFile: new URL('./portable-worker.js', import.meta.url),
    clock,
    processArguments: config['process-arguments'],
    ownCost: (): OwnCost => {
      const { user, system } = process.cpuUsage();
      return { cpuUs: user + system, residentBytes: process.memoryUsage.rss(), ...cost() };
    },
  });
  const { collectors } = platform;
  return {
    ...platform,
    clock,
    openSampler: (told) => createSampler({ clock, collectors, base: config.interval, ...told }),
  };
}

async function serve(config: Config, playback: Playback | null = null): Promise<void> {
  const startedAt = clock.now();
  const tls = config['tls-cert'] === '' ? null : readTls(config['tls-cert'], config['tls-key']);
  const scheme = tls ? 'https' : 'http';
  const logger = createLogger(config['log-level'], (line) => process.stderr.write(line), clock.now);
  const subject: Subject = playback ?? openMachine(config, () => pipeline.cost());
  const { recording } = subject;
  const telltale = {
    ...{ version: VERSION, protocol: PROTOCOL, startedAt: subject.clock.now() },
    ...(recording ? { recording } : {}),
  };
  const host = (): Host => ({ ...subject.host(), telltale });

  const epoch =
    startedAt.toString(36) +
    Math.floor(Math.random() * 36 ** 4)
      .toString(36)
      .padStart(4, '0');
  const pipeline: Pipeline = openPipeline({
    clock: subject.clock,
    random: Math.random,
    openSampler: subject.openSampler,
    epoch,
    version: VERSION,
    host,
    kernelSockets: () => readKernelSockets(server.ipv6),
    // What is played is over when its time is.
    ...(recording ? { maxAgeMs: Number.POSITIVE_INFINITY } : {}),
    onFault: (fault) => recording || logFault(logger, fault),
  });
  const { sampler, log, broadcast, minutes } = pipeline;
  const ownPace = (metric: MetricName): Pace => sampler.paceOf(metric, null);
  const limits = { total: config['max-subscribers'], perAddress: config['max-subscribers-per-address'] };

  const app = createApp({
    basePath: config['base-path'],
    guard: {
      hosts: servedHosts(config.host, config['allow-host']),
      origins: new Set(config['allow-origin']),
      scheme,
    },
    assets: loadAssets(fileURLToPath(new URL('./web', import.meta.url))),
    logger,
    stream: streamRoute({ broadcast, admission: new Admission(limits), paceOf: sampler.paceOf, inodeOf }),
    history: historyRoute({ log, clock: subject.clock, ownPace }),
    processes: processesRoute({ minutes, clock: subject.clock }),
    snapshot() {
      const newest = METRIC_NAMES.flatMap((metric) => log.newest(metric, ownPace(metric)) ?? []);
      const events = newest.map((entry) => `${JSON.stringify(entry.name)}:${dataOf(entry)}`);
      return `{"cursor":${JSON.stringify(log.cursorAt(log.newestSeq))},"events":{${events.join(',')}}}`;
    },
    host,
    catalog: () => toCatalog(ownPace, sampler.isAvailable),
    health: () => ({
      status: statusOf(sampler.health(), config.interval, subject.clock.now()),
      uptimeMs: clock.now() - startedAt,
      collectors: Object.fromEntries(sampler.health()),
      history: { kind: 'memory', bytes: log.bytes },
      subscribers: broadcast.size,
    }),
  });

  const server = await listen(app, config.host, config.port, clock, tls);
  const url = `${scheme}://${urlHost(config.host)}:${server.port}${config['base-path'] === '/' ? '' : config['base-path']}`;
  sampler.start();
  process.stdout.write(`telltale listening on ${url}\n`);
  logger.info('started', { version: VERSION, provider: subject.provider, url });
  if (process.getuid?.() === 0) logger.warn('running as root: nothing here needs it');
  if (!isLoopback(config.host)) logger.warn('everybody who can reach this address can read this machine');
  if (config.data !== 'none') logger.warn('--data is not used yet: history is kept in memory', { data: config.data });
  if (config.open) openBrowser(url);

  let stoppingSince: number | null = null;
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== null) {
      // Who asks again does not want to wait; but Ctrl-C under npm arrives twice at once.
      if (clock.monotonic() - stoppingSince > AGAIN_MS) process.exit(EXIT.ok);
      return;
    }
    stoppingSince = clock.monotonic();
    logger.info('stopping', { signal, subscribers: broadcast.size });
    sampler.stop();
    const drainMs = broadcast.size > MANY ? DRAIN_MANY_MS : DRAIN_MS;
    broadcast.close();
    const finish = () => {
      subject.close();
      if (subject.hangs()) dieOfSignal(signal);
      process.exit(EXIT.ok);
    };
    server.close(finish);
    clock.after(drainMs, () => server.cut());
    clock.after(drainMs + DRAIN_MS / 2, finish);
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  // The terminal was closed.
  process.on('SIGHUP', () => stop('SIGHUP'));
}

async function recordMachine({ operands: [folder = ''], options }: CommandCall<'record'>): Promise<void> {
  const files = openHostFiles('/proc', '/sys');
  const world = { files, clock, version: VERSION, platform: process.platform, stopped: stopSignal() };
  process.stdout.write(`${await record({ folder, ...options }, world)}\n`);
}

/** What ends a command before its time. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop.abort());
  return stop.signal;
}

async function exportRecording({ operands: [file = '-'], options }: CommandCall<'export'>): Promise<void> {
  const { live, from, to, url: base, metrics, interval, for: forMs } = options;
  const world: RecordingWorld = {
    ...{ clock, random: Math.random, fetch, version: VERSION, stopped: stopSignal(), output: process.stdout },
    say: (line) => process.stderr.write(`telltale: ${line}\n`),
  };
  if (live === (from !== null)) throw usage('either --live or --from is needed', 'export');
  const made = from
    ? await exportHistory({ file, base, from, to, metrics, interval }, world)
    : await exportLive({ file, base, metrics, interval, forMs }, world);
  // Where the recording itself is the output, what is said of it is not.
  (file === '-' ? process.stderr : process.stdout).write(`${made}\n`);
  process.exit(EXIT.ok);
}

async function play({ config, operands: [file = ''], options }: PlayCall): Promise<void> {
  const recording = await openRecording(file);
  const logger = createLogger(config['log-level'], (line) => process.stderr.write(line), clock.now);
  const { speed, at: position } = options;
  const onEnd = () => logger.info('the recording has ended', { ...recording.reader.skipped });
  if (recording.reader.newer) logger.warn('a newer version wrote this recording: some of it may not be shown');
  await serve(config, openPlayback({ recording, clock, speed, position, onEnd, onError: exitWith }));
}

/** A process that exits waits for its threads, one of which waits for a dead file server; a signal waits for nobody. */
function dieOfSignal(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function logFault(logger: Logger, { metric, fields, reason, cleared }: FaultChange): void {
  const what = { metric, fields: fields.join(','), reason };
  if (cleared) logger.info('can be read again', what);
  else logger.warn('cannot be read', what);
}

function openBrowser(url: string): void {
  const commands: Record<string, readonly string[]> = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] };
  const [command = 'xdg-open', ...args] = commands[process.platform] ?? ['xdg-open'];
  // No desktop, no browser: the URL was printed anyway.
  spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

function exitWith(error: unknown): never {
  if (error instanceof ExitError) {
    process.stderr.write(`telltale: ${error.message}\n`);
    process.exit(error.exitCode);
  }
  process.stderr.write(`telltale: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(EXIT.internal);
}

process.on('uncaughtException', exitWith);
process.on('unhandledRejection', exitWith);

export async function main(args: readonly string[]): Promise<void> {
  try {
    const command = readCommand({
      args,
      env: process.env,
      readFile: (path) => readFileSync(path, 'utf8'),
      isRoot: process.getuid?.() === 0,
    });
    if (command.run === 'help') process.stdout.write(helpText(VERSION, command.command));
    else if (command.run === 'version') process.stdout.write(`${VERSION}\n`);
    else if (command.run === 'record') await recordMachine(command);
    else if (command.run === 'export') await exportRecording(command);
    else if (command.run === 'play') await play(command);
    else await serve(command.config);
  } catch (error) {
    exitWith(error);
  }
}
