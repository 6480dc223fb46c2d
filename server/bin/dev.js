// `npm run dev`: the server is rebuilt and restarted when its sources change, the dashboard is served by Vite.
// Further arguments go to the server: `npm run dev -- --interval 500ms`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './workspace.js';

const SERVER_PORT = process.env.TELLTALE_PORT ?? '7411';
const PAGE_PORT = Number(SERVER_PORT) + 1;
const HOST = '127.0.0.1';

install();
const [esbuild, vite, { serverBuild }] = await Promise.all([import('esbuild'), import('vite'), import('./build.js')]);
// The server reads the built dashboard when it starts; here Vite serves it, and nothing may have been built yet.
mkdirSync(join(root, 'server', 'dist', 'web'), { recursive: true });

let server = null;
let ending = false;

async function stopServer() {
  const running = server;
  server = null;
  if (!running || running.exitCode !== null || running.signalCode !== null) return;
  running.kill('SIGTERM');
  await once(running, 'exit');
}

async function restartServer() {
  await stopServer();
  if (ending) return;
  const args = ['--port', SERVER_PORT, '--host', HOST, '--log-level', 'warn', ...process.argv.slice(2)];
  // Its first line names an address without the fresh dashboard, so it is not shown.
  const started = spawn(process.execPath, [join(root, 'server', 'bin', 'telltale.js'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  server = started;
  started.once('exit', (code, signal) => {
    if (started !== server || ending) return;
    server = null;
    console.error(`dev: the server ended by itself (${code ?? signal}); it is started again at the next change`);
  });
}

/** Builds may follow each other faster than a server stops: they are taken one after another. */
let restarting = Promise.resolve();
const restart = {
  name: 'restart',
  setup(build) {
    build.onEnd(({ errors }) => {
      if (errors.length > 0) console.error('dev: not built, so the server from before goes on');
      else restarting = restarting.then(restartServer);
    });
  },
};

const sources = await esbuild.context({ ...serverBuild, plugins: [restart] });
await sources.watch();
const pages = await vite.createServer({
  root: join(root, 'web'),
  configFile: join(root, 'web', 'vite.config.ts'),
  clearScreen: false,
  logLevel: 'warn',
  server: {
    host: HOST,
    port: PAGE_PORT,
    strictPort: true,
    proxy: Object.fromEntries(['/api', '/healthz'].map((path) => [path, `http://${HOST}:${SERVER_PORT}`])),
  },
});

async function end() {
  if (ending) return;
  ending = true;
  await restarting;
  await Promise.all([stopServer(), sources.dispose(), pages.close()]);
  process.exit(0);
}
process.on('SIGINT', end);
process.on('SIGTERM', end);

try {
  await pages.listen();
  console.log(`dev: open http://${HOST}:${PAGE_PORT} (the server behind it is restarted when it changes; Ctrl-C ends)`);
  console.log(`dev: every element in every state: http://${HOST}:${PAGE_PORT}/gallery`);
} catch (error) {
  console.error(`dev: port ${PAGE_PORT}: ${error.message}`);
  process.exitCode = 69;
  await stopServer();
  process.exit();
}
