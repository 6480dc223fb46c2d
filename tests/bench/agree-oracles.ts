import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

// Programs that we did not write, and what they say: each answers numbers by name.

const run = promisify(execFile);

/** What one program says; `null` where it is not installed. */
export type Told = ReadonlyMap<string, number> | null;

async function output(command: string, ...args: string[]): Promise<string | null> {
  try {
    const { stdout } = await run(command, args, { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.log(`${command}: left out, since it is not installed`);
    return null;
  }
}

const rows = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));

type Numbers = Readonly<Record<string, number>>;
/** What sysstat's programs write as JSON, below the name of one of its lists. */
const statistics = (json: string, list: string) => JSON.parse(json).sysstat.hosts[0].statistics[0][list] as Numbers[];

/** Shares of the processors over so many seconds, by `all` or the number of one. */
export async function mpstat(seconds: number): Promise<Told> {
  const json = await output('mpstat', '-P', 'ALL', '-o', 'JSON', String(seconds), '1');
  if (json === null) return null;
  const told = new Map<string, number>();
  for (const share of statistics(json, 'cpu-load')) {
    const of = (...names: string[]) => names.reduce((sum, name) => sum + (share[name] ?? Number.NaN), 0);
    const shares = {
      usage: 100 - of('idle', 'iowait'),
      user: of('usr'),
      nice: of('nice'),
      system: of('sys'),
      interrupt: of('irq', 'soft'),
      steal: of('steal'),
      guest: of('guest', 'gnice'),
      iowait: of('iowait'),
      idle: of('idle'),
    };
    for (const [name, value] of Object.entries(shares)) told.set(`${share['cpu']} ${name}`, value);
  }
  return told;
}

/** Devices over so many seconds. Its kB are of 1024 bytes. */
export async function iostat(seconds: number): Promise<Told> {
  const json = await output('iostat', '-dx', '-y', '-o', 'JSON', String(seconds), '1');
  if (json === null) return null;
  const told = new Map<string, number>();
  for (const device of statistics(json, 'disk')) {
    const of = (name: string) => device[name] ?? Number.NaN;
    const values = {
      readBytesPerSecond: of('rkB/s') * 1024,
      writeBytesPerSecond: of('wkB/s') * 1024,
      readsPerSecond: of('r/s'),
      writesPerSecond: of('w/s'),
      busy: of('util'),
      queue: of('aqu-sz'),
      readLatencyMs: of('r_await'),
      writeLatencyMs: of('w_await'),
    };
    for (const [name, value] of Object.entries(values)) told.set(`${device['disk_device']} ${name}`, value);
  }
  return told;
}

/** Switches between tasks and paging over so many seconds; its second line is the interval. */
export async function vmstat(seconds: number): Promise<Told> {
  const text = await output('vmstat', '-n', String(seconds), '2');
  if (text === null) return null;
  const [, head = [], , values = []] = rows(text);
  return new Map(head.map((name, i): [string, number] => [name, Number(values[i])]));
}

/** Memory now, in bytes. Its cache holds what is shared as well. */
export async function free(): Promise<Told> {
  const text = await output('free', '-b', '-w');
  if (text === null) return null;
  const [head = [], memory = [], swap = []] = rows(text);
  const told = head.map((name, i): [string, number] => [name, Number(memory[i + 1])]);
  return new Map([...told, ['swap total', Number(swap[1])], ['swap used', Number(swap[2])]]);
}

/** File systems now, by mount point. */
export async function df(): Promise<Told> {
  const text = await output('df', '-B1', '--output=target,size,used,avail,pcent,itotal,iused');
  if (text === null) return null;
  const told = new Map<string, number>();
  for (const [target, ...values] of rows(text).slice(1)) {
    const names = ['totalBytes', 'usedBytes', 'availableBytes', 'usedPercent', 'inodesTotal', 'inodesUsed'];
    for (const [i, name] of names.entries()) told.set(`${target} ${name}`, Number.parseFloat(values[i] ?? ''));
  }
  return told;
}

/** Processes and threads now. */
export async function ps(pid: number): Promise<Told> {
  const all = await output('ps', '-e', '-o', 'nlwp=');
  const one = await output('ps', '-o', 'rss=', '-p', String(pid));
  if (all === null || one === null) return null;
  const threads = rows(all).map(([count]) => Number(count));
  const total = threads.reduce((sum, count) => sum + count, 0);
  // It counts itself and its one thread.
  return new Map([
    ['processes', threads.length - 1],
    ['threads', total - 1],
    ['resident', Number(one) * 1024],
  ]);
}

/** Everything that node_exporter tells at one moment, and when. */
export async function scrape(
  url: string,
): Promise<{ readonly at: number; readonly values: ReadonlyMap<string, number> }> {
  const at = performance.now();
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const values = lines.map((line): [string, number] => {
    const space = line.lastIndexOf(' ');
    return [line.slice(0, space), Number(line.slice(space + 1))];
  });
  return { at: (at + performance.now()) / 2, values: new Map(values) };
}
