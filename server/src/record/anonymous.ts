import type { Snapshot, Unreadable } from './snapshot.ts';
import type { StandIns } from './stand-ins.ts';

/** How a text is told without names; `null` for one that is not understood. */
type Rule = (text: string, standIns: StandIns) => string | null;

const LEFT_OUT: Unreadable = { kind: 'file', reason: 'left out: it may hold names' };

const perLine =
  (line: (line: string, standIns: StandIns) => string): Rule =>
  (text, standIns) =>
    text
      .split('\n')
      .map((each) => (each === '' ? each : line(each, standIns)))
      .join('\n');

const keep: Rule = (text) => text;
/** Words of the kernel and of drivers; those of wireless devices may have an address in them. */
const keepWords: Rule = (text, standIns) => standIns.addressesIn(text);

/** The columns of proc_pid_mountinfo(5). Of the options beyond the usual ones only `ro` is read, and others have addresses. */
const mountinfo = perLine((line, standIns) => {
  const [before, after] = line.split(' - ');
  const [id, parent, device, root = '', point = '', options] = before?.split(' ') ?? [];
  const [type = '', source = '', superOptions = ''] = after?.split(' ') ?? [];
  const mount = [id, parent, device, standIns.mountPoint(root), standIns.mountPoint(point), options, '-', type];
  return [...mount, standIns.mountSource(source, type), readOnlyOr(superOptions)].join(' ');
});

/** The columns of fstab(5). */
const mounts = perLine((line, standIns) => {
  const [source = '', point = '', type = '', options = ''] = line.split(' ');
  return [standIns.mountSource(source, type), standIns.mountPoint(point), type, readOnlyOr(options), '0 0'].join(' ');
});

const readOnlyOr = (options: string) => (options.split(',').includes('ro') ? 'ro' : 'rw');

/** The first rule that fits a path decides. A file of numbers alone needs none, and any other is left out. */
const RULES: readonly (readonly [RegExp, Rule])[] = [
  [/^proc\/sys\/kernel\/hostname$/, () => 'host\n'],
  [/^proc\/(?:self\/)?mountinfo$/, mountinfo],
  [/^proc\/(?:self\/)?mounts$/, mounts],
  [
    /^proc\/net\/dev$/,
    perLine((line, names) => line.replace(/^( *)([^:|]+)(?=:)/, (_, pad, name) => pad + names.interface(name))),
  ],
  [
    /^proc\/diskstats$/,
    perLine((line, names) => line.replace(/^( *\d+ +\d+ )(\S+)/, (_, ids, name) => ids + names.disk(name))),
  ],
  [/^proc\/(?:self|\d+)\/cgroup$/, perLine((line, names) => line.replace(/[^:]*$/, (path) => names.group(path)))],
  // The name may itself hold brackets: it ends with the last (proc_pid_stat(5)).
  [/^proc\/\d+\/stat$/, (text, names) => text.replace(/\((.*)\)/s, (_, name) => `(${names.process(name)})`)],
  [
    /^proc\/\d+\/status$/,
    (text, names) => text.replace(/^Name:\t(.*)$/m, (_, name) => `Name:\t${names.process(name)}`),
  ],
  [/^proc\/\d+\/comm$/, (text, names) => `${names.process(text.trimEnd())}\n`],
  [/^proc\/\d+\/cmdline$/, (text, names) => text.replace(/[^\0]+/g, (word) => names.argument(word))],
  // Small ARM boards tell the serial number of their processor.
  [/^proc\/cpuinfo$/, (text) => text.replace(/^(Serial\s*:\s*)\w+/m, (_, before) => `${before}0`)],
  [/^proc\/(?:\d+\/io|stat|loadavg|meminfo|vmstat|uptime|pressure\/\w+|net\/snmp|spl\/kstat\/zfs\/arcstats)$/, keep],
  [/^proc\/sys\/kernel\/osrelease$/, keep],
  [/^sys\/fs\/cgroup\/(?:.*\/)?(?:cpu|memory)\.[\w.]+$/, keep],
  [/^sys\/class\/net\/[^/]+\/(?:operstate|flags)$/, keep],
  [/^sys\/class\/(?:drm|hwmon|power_supply|thermal)\//, keepWords],
];

const NUMBERS = /^[\s\d.-]*$/;

function withoutNames(path: string, text: string, standIns: StandIns): string | null {
  const rule = RULES.find(([pattern]) => pattern.test(path))?.[1];
  if (rule) return rule(text, standIns);
  return NUMBERS.test(text) ? text : null;
}

/**
 * A snapshot with stand-ins for the names of the machine, its users and what runs on it. A file that nobody has said how
 * to read is left out, and named among the unreadable.
 */
export function anonymise({ texts, links, folders, unreadable }: Snapshot, standIns: StandIns): Snapshot {
  const known = new Map<string, string>();
  const withheld = new Map([...unreadable].map(([path, reason]) => [standIns.path(path), reason]));
  for (const [path, text] of texts) {
    const told = withoutNames(path, text, standIns);
    if (told === null) withheld.set(standIns.path(path), LEFT_OUT);
    else known.set(standIns.path(path), told);
  }
  const inside = (folder: string) => (name: string) =>
    standIns.path(`${folder}/${name}`).slice(standIns.path(folder).length + 1);
  return {
    texts: known,
    links: new Map([...links].map(([path, target]) => [standIns.path(path), standIns.path(target)])),
    folders: new Map([...folders].map(([path, names]) => [standIns.path(path), names.map(inside(path))])),
    unreadable: withheld,
  };
}
