import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MetricName, Pace } from '@telltale/shared';
import { createApp } from '../app.ts';
import { loadAssets } from '../assets.ts';
import { toCatalog } from '../collect/catalog.ts';
import type { Config } from '../config.ts';
import { refuse } from '../errors.ts';
import { openDoors } from '../guard/doors.ts';
import { servedHosts, urlHost } from '../guard/hosts.ts';
import { SessionFile } from '../guard/session-file.ts';
import { statusOf } from '../health.ts';
import { processesRoute } from '../history/processes-route.ts';
import { historyRoute } from '../history/route.ts';
import { createLogger } from '../logger.ts';
import type { Playback } from '../recording/playback.ts';
import { listen } from '../server.ts';
import { Admission } from '../stream/admission.ts';
import { inodeOf } from '../stream/kernel.ts';
import { streamRoute } from '../stream/route.ts';
import { snapshotOf } from '../stream/snapshot.ts';
import { readTls } from '../tls.ts';
import { openBrowser } from './browser.ts';
import { openFlow } from './flow.ts';
import { endAtSignal } from './shutdown.ts';
import { refuseExposure, whoReads } from './who-reads.ts';
import type { World } from './world.ts';

/** Connections beside those of subscribers: pages that load, and requests that end. */
const MORE_CONNECTIONS = { total: 256, perAddress: 64 };

/** `telltale`: serves this machine, or a recording in its place, until a signal ends it. */
export async function serve(config: Config, world: World, playback: Playback | null = null): Promise<void> {
  const { clock, version, isRoot, stdout, stderr } = world;
  const startedAt = clock.now();
  const basePath = config['base-path'];
  const tls = config['tls-cert'] === '' ? null : readTls(config['tls-cert'], config['tls-key']);
  const scheme = tls ? 'https' : 'http';
  const logger = createLogger(config['log-level'], (line) => stderr.write(line), clock.now);
  const onTrouble = (message: string) => logger.error('tokens cannot be read', { message });
  const { keyring, exposure, warnings } = whoReads(config, world, onTrouble);
  refuseExposure(exposure);

  const ipv6 = () => server.ipv6;
  const flow = openFlow({ config, playback, startedAt, access: exposure.mode, logger, ipv6 }, world);
  const { subject, pipeline, history, host } = flow;
  const { sampler, log, broadcast } = pipeline;
  const ownPace = (metric: MetricName): Pace => sampler.paceOf(metric, null);

  const limits = { total: config['max-subscribers'], perAddress: config['max-subscribers-per-address'] };
  const instance = `${os.hostname()} ${config.host} ${config.port} ${basePath} ${config.data}`;
  // Who watches a recording is not here for long, and must not take the place of those who watch the machine.
  const keepsSessions = !subject.recording && config.data !== 'none';
  const tell = (message: string) => logger.warn('sessions', { message });
  const doors = openDoors({
    ...{ clock, keyring, scheme, basePath, instance, mode: exposure.mode },
    hosts: servedHosts(config.host, config['allow-host']),
    origins: config['allow-origin'],
    proxies: config['trusted-proxy'],
    userHeader: config['trusted-proxy-user-header'] || null,
    shelf: keepsSessions ? new SessionFile({ folder: config.data, instance, tell }) : null,
    limits: {
      total: limits.total + MORE_CONNECTIONS.total,
      perAddress: limits.perAddress + MORE_CONNECTIONS.perAddress,
    },
    tell: (message, fields) => logger.info(message, fields),
  });
  const app = createApp({
    ...{ basePath, logger, host, guard: doors.guard, admission: doors.admission },
    assets: loadAssets(fileURLToPath(world.files.web)),
    stream: streamRoute({
      ...{ broadcast, inodeOf, paceOf: sampler.paceOf },
      admission: new Admission(limits),
      enter: (visitor, metrics, dismiss) => doors.presence.enter(visitor, metrics, dismiss),
    }),
    history: historyRoute({
      ...{ store: history, clock: subject.clock, ownPace },
      cursor: () => log.cursorAt(log.newestSeq),
    }),
    processes: processesRoute({ store: history, clock: subject.clock }),
    snapshot: (visitor) => snapshotOf(log, ownPace, visitor),
    catalog: () => toCatalog(ownPace, sampler.isAvailable),
    health: () => ({
      status: statusOf(sampler.health(), config.interval, subject.clock.now(), history.report),
      uptimeMs: clock.now() - startedAt,
      collectors: Object.fromEntries(sampler.health()),
      history: history.report,
      subscribers: broadcast.size,
    }),
  });

  const { host: address, port } = config;
  const server = await listen(app, { host: address, port, clock, tls, connections: doors.connections });
  // After the port: of two things that are taken, that one tells more.
  await history.start().catch(refuse);
  const url = `${scheme}://${urlHost(address)}:${server.port}${basePath === '/' ? '' : basePath}`;
  sampler.start();
  stdout.write(`telltale listening on ${url}\n`);
  logger.info('started', { version, provider: subject.provider, url });
  if (isRoot) logger.warn('running as root: nothing here needs it');
  for (const warning of [...exposure.warnings, ...warnings]) logger.warn(warning);
  if (config.open) openBrowser(url, world);
  endAtSignal({ subject, sampler, broadcast, history, sessions: doors.sessions, server, logger }, world);
}
