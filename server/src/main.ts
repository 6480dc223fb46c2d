import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Host, type MetricName, type Pace, PROTOCOL } from '@telltale/shared';
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
import { type Config, dataFolder, defaultFolder, type PlayCall, readCommand } from './config.ts';
import { diagnose } from './doctor.ts';
import { EXIT, ExitError } from './errors.ts';
import { type Exposure, exposureOf } from './exposure.ts';
import { readAdminToken } from './guard/admin-token.ts';
import { openDoors } from './guard/doors.ts';
import { servedHosts, urlHost } from './guard/hosts.ts';
import { Keyring } from './guard/keyring.ts';
import { SessionFile } from './guard/session-file.ts';
import { createToken, listTokens, revokeToken } from './guard/token-commands.ts';
import { statusOf } from './health.ts';
import { readSpan } from './history/forget-command.ts';
import { processesRoute } from './history/processes-route.ts';
import { KEEP_ALL } from './history/retention.ts';
import { historyRoute } from './history/route.ts';
import { HistoryThread } from './history/thread.ts';
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
import { inodeOf, readKernelSockets } from './stream/kernel.ts';
import { streamRoute } from './stream/route.ts';
import { snapshotOf } from './stream/snapshot.ts';
import { readTls } from './tls.ts';

// The composition root: the only file that touches the process, starts timers and wires the rooms together. Longer than
// others, as every command meets the process here; what can be done without it is in the rooms.

declare const TELLTALE_VERSION: string;
const VERSION = TELLTALE_VERSION;

const HISTORY_WORKER = new URL('./history-worker.js', import.meta.url);

/** Streams get this long to take the goodbye before they are cut; longer when they are so many that it is spread. */
const DRAIN_MS = 1_000;
const DRAIN_MANY_MS = 4_000;
const MANY = 50;
/** Connections beside those of subscribers: pages that load, and requests that end. */
const MORE_CONNECTIONS = { total: 256, perAddress: 64 };
/** The last of the history gets this long to be stored. */
const CLOSE_MS = 500;
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

const isRoot = process.getuid?.() === 0;

/** What is served: this machine, or a recording of one. */
interface Subject extends Pick<Platform, 'host' | 'hangs' | 'close'> {
  readonly provider: string;
  /** Time as it passes for what is served. */
  readonly clock: Clock;
  readonly recording?: Host['telltale']['recording'];
  readonly openSampler: PipelineOptions['openSampler'];
}

function openMachine(config: Config, cost: () => Omit<OwnCost, 'cpuUs' | 'residentBytes'>): Subject {
  const platform = openPlatform({
    provider: config.provider,
    procRoot: config['proc-root'],
    sysRoot: config['sys-root'],
    workerFile: new URL('./portable-worker.js', import.meta.url),
    clock,
    processArguments: config['process-arguments'],
    ownCost: (): OwnCost => {
      const { user, system } = process.cpuUsage();
      const residentBytes = process.memoryUsage.rss();
      return { cpuUs: user + system, residentBytes, ...cost() };
    },
  });
  const { collectors } = platform;
  return {
    ...platform,
    clock,
    openSampler: (told) => createSampler({ clock, collectors, base: config.interval, ...told }),
  };
}

/** The tokens of a configuration, and who can read what it serves. Nothing is said or done about it yet. */
function look(config: Config, onTrouble: (message: string) => void) {
  const adminFile = config['token-file'];
  const folder = config.data === 'none' ? null : config.data;
  const keyring = new Keyring({ folder, adminFile, clock, onTrouble });
  const problems: string[] = [];
  const warnings: string[] = [];
  try {
    keyring.load();
    const warning = adminFile === '' ? null : readAdminToken(adminFile).warning;
    if (warning) warnings.push(warning);
  } catch (error) {
    problems.push(`${adminFile === '' ? '' : '--token-file: '}${error instanceof Error ? error.message : error}`);
  }
  const exposure = exposureOf(config, { isRoot, tokens: keyring.live, problems });
  return { keyring, exposure, warnings };
}

function refuseExposure({ refusals: [first] }: Exposure): void {
  if (first !== undefined) throw new ExitError(EXIT.refused, first);
}

async function serve(config: Config, playback: Playback | null = null): Promise<void> {
  const startedAt = clock.now();
  const tls = config['tls-cert'] === '' ? null : readTls(config['tls-cert'], config['tls-key']);
  const scheme = tls ? 'https' : 'http';
  const logger = createLogger(config['log-level'], (line) => process.stderr.write(line), clock.now);
  const { keyring, exposure, warnings } = look(config, (message) => logger.error('tokens cannot be read', { message }));
  refuseExposure(exposure);
  const subject: Subject = playback ?? openMachine(config, () => ({ history: history.report, ...pipeline.cost() }));
  const { recording } = subject;
  const telltale = {
    ...{ version: VERSION, protocol: PROTOCOL, startedAt: subject.clock.now(), access: exposure.mode },
    ...(recording ? { recording } : {}),
  };
  const alias = config['host-name'] === '' ? {} : { name: config['host-name'] };
  const host = (): Host => ({ ...subject.host(), ...alias, telltale });

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
    record: (tick) => history.write(tick),
  });
  const { sampler, log, broadcast } = pipeline;
  let historySince = 0;
  const history = new HistoryThread({
    file: HISTORY_WORKER,
    folder: recording || config.data === 'none' ? null : config.data,
    orMemory: config.data === defaultFolder(process.env),
    retention: recording ? KEEP_ALL : config.retention,
    pid: process.pid,
    clock,
    tell: (message) => logger.warn('history', { message }),
    onFault(reason) {
      const cleared = reason === null;
      if (!cleared) historySince = clock.now();
      const why = reason ?? 'it can be stored again';
      pipeline.announce({ metric: 'history', fields: [], reason: why, since: historySince, cleared });
    },
  });
  const ownPace = (metric: MetricName): Pace => sampler.paceOf(metric, null);
  const limits = { total: config['max-subscribers'], perAddress: config['max-subscribers-per-address'] };

  const instance = `${os.hostname()} ${config.host} ${config.port} ${config['base-path']} ${config.data}`;
  const tell = (message: string) => logger.warn('sessions', { message });
  // Who watches a recording is not here for long, and must not take the place of those who watch the machine.
  const keepsSessions = !recording && config.data !== 'none';
  const doors = openDoors({
    ...{ clock, keyring, scheme, instance, mode: exposure.mode },
    hosts: servedHosts(config.host, config['allow-host']),
    origins: config['allow-origin'],
    proxies: config['trusted-proxy'],
    userHeader: config['trusted-proxy-user-header'] || null,
    basePath: config['base-path'],
    shelf: keepsSessions ? new SessionFile({ folder: config.data, instance, tell }) : null,
    limits: {
      total: limits.total + MORE_CONNECTIONS.total,
      perAddress: limits.perAddress + MORE_CONNECTIONS.perAddress,
    },
    tell: (message, fields) => logger.info(message, fields),
  });
  const app = createApp({
    basePath: config['base-path'],
    guard: doors.guard,
    admission: doors.admission,
    assets: loadAssets(fileURLToPath(new URL('./web', import.meta.url))),
    logger,
    stream: streamRoute({
      ...{ broadcast, inodeOf },
      admission: new Admission(limits),
      paceOf: sampler.paceOf,
      enter: (visitor, metrics, dismiss) => doors.presence.enter(visitor, metrics, dismiss),
    }),
    history: historyRoute({
      store: history,
      clock: subject.clock,
      ownPace,
      cursor: () => log.cursorAt(log.newestSeq),
    }),
    processes: processesRoute({ store: history, clock: subject.clock }),
    snapshot: (visitor) => snapshotOf(log, ownPace, visitor),
    host,
    catalog: () => toCatalog(ownPace, sampler.isAvailable),
    health: () => ({
      status: statusOf(sampler.health(), config.interval, subject.clock.now(), history.report),
      uptimeMs: clock.now() - startedAt,
      collectors: Object.fromEntries(sampler.health()),
      history: history.report,
      subscribers: broadcast.size,
    }),
  });

  const server = await listen(app, {
    ...{ host: config.host, port: config.port, clock, tls },
    connections: doors.connections,
  });
  // After the port: of two things that are taken, that one tells more.
  await history.start().catch(refuse);
  const url = `${scheme}://${urlHost(config.host)}:${server.port}${config['base-path'] === '/' ? '' : config['base-path']}`;
  sampler.start();
  process.stdout.write(`telltale listening on ${url}\n`);
  logger.info('started', { version: VERSION, provider: subject.provider, url });
  if (isRoot) logger.warn('running as root: nothing here needs it');
  for (const warning of [...exposure.warnings, ...warnings]) logger.warn(warning);
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
    // What was seen last is kept, however long readers take; a disk that hangs is not waited for.
    const storedHistory = history.close().catch((error: Error) => logger.error('history', { message: error.message }));
    const kept = Promise.all([storedHistory, doors.sessions.close()]);
    const finish = async () => {
      await Promise.race([kept, new Promise((resolve) => clock.after(CLOSE_MS, () => resolve(null)))]);
      subject.close();
      if (subject.hangs()) dieOfSignal(signal);
      process.exit(EXIT.ok);
    };
    server.close(() => void finish());
    clock.after(drainMs, () => server.cut());
    clock.after(drainMs + DRAIN_MS / 2, () => void finish());
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

/** Asks with the token of a file, if there is one. It goes to the server that was named, and to no other that this one names. */
function fetchWith(tokenFile: string): RecordingWorld['fetch'] {
  if (tokenFile === '') return fetch;
  let secret: string;
  try {
    secret = readFileSync(tokenFile, 'utf8').trim();
  } catch (error) {
    throw usage(`--token-file: ${error instanceof Error ? error.message : error}`, 'export');
  }
  return (url, init) => {
    const headers = { ...(init?.headers as Record<string, string>), authorization: `Bearer ${secret}` };
    return fetch(url, { ...init, headers, redirect: 'error' });
  };
}

async function exportRecording({ operands: [file = '-'], options }: CommandCall<'export'>): Promise<void> {
  const { live, from, to, url: base, metrics, interval, for: forMs } = options;
  const world: RecordingWorld = {
    ...{
      clock,
      random: Math.random,
      fetch: fetchWith(options['token-file']),
      version: VERSION,
      stopped: stopSignal(),
      output: process.stdout,
    },
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
  // Who may not serve it need not wait until it is read.
  refuseExposure(look(config, () => {}).exposure);
  const recording = await openRecording(file);
  const logger = createLogger(config['log-level'], (line) => process.stderr.write(line), clock.now);
  const { speed, at: position } = options;
  const onEnd = () => logger.info('the recording has ended', { ...recording.reader.skipped });
  if (recording.reader.newer) logger.warn('a newer version wrote this recording: some of it may not be shown');
  await serve(config, openPlayback({ recording, clock, speed, position, onEnd, onError: exitWith }));
}

function refuse(error: Error): never {
  throw new ExitError(EXIT.refused, error.message);
}

/** Tells what a configuration would show to whom, without serving anything. */
function examine(config: Config): void {
  const { keyring, exposure, warnings } = look(config, () => {});
  const { lines, ok } = diagnose(config, exposure, { now: clock.now(), isRoot, tokens: keyring.live, warnings });
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = ok ? EXIT.ok : EXIT.refused;
}

/** What a command about tokens refuses is bad usage; what the disk does is not. */
function tokenCommand(run: () => void): void {
  try {
    run();
  } catch (error) {
    const isOfDisk = error instanceof Error && 'code' in error;
    const message = error instanceof Error ? error.message : String(error);
    throw Object.assign(new ExitError(isOfDisk ? EXIT.refused : EXIT.usage, message), { cause: error });
  }
}

function makeToken({ options: { data, ...wish } }: CommandCall<'token create'>): void {
  const folder = dataFolder(data, process.env);
  const { secret, said } = createToken(folder, wish, clock.now());
  // Alone, so that a script has it without looking for it.
  process.stdout.write(`${secret}\n`);
  process.stderr.write(`telltale: made ${said}\n`);
  process.stderr.write(`telltale: this is the only time that it is shown; a server on ${folder} takes it at once\n`);
}

/** Deletes history. The folder must not be in use: what a server holds in memory could not be deleted from here. */
async function forgetHistory({ options: { data, ...what } }: CommandCall<'forget'>): Promise<void> {
  const span = readSpan(what, clock.now());
  const folder = data === 'none' ? defaultFolder(process.env) : data;
  const tell = (message: string) => void process.stderr.write(`telltale: ${message}\n`);
  const history = new HistoryThread({
    file: HISTORY_WORKER,
    folder,
    orMemory: false,
    retention: KEEP_ALL,
    pid: process.pid,
    clock,
    tell,
    onFault: (reason) => reason && tell(reason),
  });
  await history.start().catch(refuse);
  await history.forget(span.from, span.to).catch(refuse);
  await history.close();
  process.stdout.write(`deleted from ${folder}: ${span.text}\n`);
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
    });
    if (command.run === 'help') process.stdout.write(helpText(VERSION, command.command));
    else if (command.run === 'version') process.stdout.write(`${VERSION}\n`);
    else if (command.run === 'record') await recordMachine(command);
    else if (command.run === 'forget') await forgetHistory(command);
    else if (command.run === 'doctor') examine(command.config);
    else if (command.run === 'token create') tokenCommand(() => makeToken(command));
    else if (command.run === 'token list') {
      tokenCommand(
        () => void process.stdout.write(listTokens(dataFolder(command.options.data, process.env), clock.now())),
      );
    } else if (command.run === 'token revoke') {
      const {
        operands: [name = ''],
        options,
      } = command;
      const said = () => revokeToken(dataFolder(options.data, process.env), name, clock.now());
      tokenCommand(() => void process.stdout.write(`${said()}\n`));
    } else if (command.run === 'export') await exportRecording(command);
    else if (command.run === 'play') await play(command);
    else await serve(command.config);
  } catch (error) {
    exitWith(error);
  }
}
