import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOSTILE_NAMES } from './hostile-names.ts';

const PROGRAM = fileURLToPath(new URL('./hostile-machine.js', import.meta.url));
/** Of interfaces and of processes (IFNAMSIZ and TASK_COMM_LEN, less the end). */
const MOST_BYTES = 15;
/** Of the host (__NEW_UTS_LEN). */
const MOST_OF_HOST = 64;
/** A list of processes has twenty, a few of which are those that make the machine. */
const MOST_PROCESSES = 15;
/** A loop device each. */
const MOST_MOUNTS = 8;

const NOT_UTF8 = Buffer.from([0xff, 0xfe, 0x78]);
const bytes = (...names: readonly string[]) => names.map((name) => Buffer.from(name));
/** A shell passes on all but the byte that ends a name. */
const short = bytes(...HOSTILE_NAMES).filter((name) => name.length <= MOST_BYTES && !name.includes(0));

const NAMES = {
  interfaces: [
    ...bytes('<script>x', '"><svg', "'onx='", '<b>x<b>', '&lt;b&gt;', "';--", '=cmd|!A1', '\u001b[31mred'),
    ...short,
    Buffer.from('x'.repeat(MOST_BYTES)),
    NOT_UTF8,
  ],
  processes: [
    NOT_UTF8,
    // The name stands in brackets in a line of fields, and is not escaped there.
    ...bytes('x) R 1 2 3 (', 'a\nb) S 0 (c', '</script>', '<img src=x>', '<svg/onload=x>', '\u202eevil'),
    ...bytes(
      '\u001b[31mred',
      '__proto__',
      '\u0024{alert(1)}',
      '{{alert(1)}}',
      '=cmd|/c calc',
      '\u{1f4a9}',
      '"\'`',
      '%s%n',
    ),
  ].slice(0, MOST_PROCESSES),
  mounts: [
    NOT_UTF8,
    ...bytes('<b>x</b>', '<img src=x onerror="window.owned=1">', '__proto__', 'a\nb\tc d\\040', '\u202eevil\u001b[31m'),
    ...bytes('=cmd|/c calc!A1', 'x'.repeat(250)),
  ].slice(0, MOST_MOUNTS),
  host: Buffer.from('<img src=x onerror="window.owned=1">\u202e\u001b[31m').subarray(0, MOST_OF_HOST),
};

type Names = Readonly<Record<'interfaces' | 'processes' | 'mounts' | 'host', readonly string[]>>;

export interface HostileMachine {
  /** What runs a command there. */
  readonly command: readonly string[];
  /** The names that the kernel took, as text; mounts less the folder that they are in. Once a command runs there. */
  names(): Names;
  /** Makes a port of it one of this machine, of which it answers the number. */
  open(port: number): Promise<number>;
  remove(): void;
}

/** Makes one, or says why that is not possible here. */
export function makeHostileMachine(): HostileMachine | string {
  if (process.platform !== 'linux') return 'only Linux has namespaces';
  const namespaces = ['unshare', '--net', '--uts', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc'];
  try {
    execFileSync(namespaces[0] as string, [...namespaces.slice(1), 'true'], { stdio: 'pipe' });
  } catch (error) {
    return (error as Error).message.trim().split('\n').join(' ');
  }
  const folder = mkdtempSync(join(tmpdir(), 'telltale-hostile-'));
  const base64 = (names: readonly Buffer[]) => names.map((name) => name.toString('base64'));
  const { interfaces, processes, mounts, host } = NAMES;
  const wish = { interfaces: base64(interfaces), processes: base64(processes), mounts: base64(mounts) };
  writeFileSync(join(folder, 'names.json'), JSON.stringify({ ...wish, host: host.toString('base64') }));

  const server = createServer((outside) => {
    const inside = connect(join(folder, 'socket'));
    const head = Buffer.alloc(2);
    head.writeUInt16BE(target);
    inside.write(head);
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      one.on('error', () => {}).once('close', () => other.destroy());
      one.pipe(other);
    }
  });
  let target = 0;
  return {
    command: [...namespaces, process.execPath, PROGRAM, folder],
    names() {
      const made: Names = JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8'));
      const text = (names: readonly string[]) => names.map((name) => Buffer.from(name, 'base64').toString());
      return {
        ...{ interfaces: text(made.interfaces), processes: text(made.processes) },
        ...{ mounts: text(made.mounts), host: text(made.host) },
      };
    },
    open(port) {
      target = port;
      return new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : 0);
        });
      });
    },
    remove() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
