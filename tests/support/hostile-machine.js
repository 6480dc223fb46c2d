// The first process of a machine in namespaces of its own, in which everything that has a name has a hostile one: `node
// hostile-machine.js FOLDER COMMAND...` makes it, runs the command there, and lets others connect to it through a socket in
// the folder. Plain Node, as whatever it starts. The names are bytes, not text: the kernel takes both.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

const [, , folder, command, ...args] = process.argv;
const names = JSON.parse(readFileSync(join(folder, 'names.json'), 'utf8'));
/** For the `%b` of printf: no byte of it means anything to a shell. */
const octal = (base64) => [...Buffer.from(base64, 'base64')].map((byte) => `\\0${byte.toString(8)}`).join('');
const shell = (script, ...given) => execFileSync('sh', ['-c', script, 'sh', ...given], { stdio: 'pipe' });

shell('mount -t sysfs sysfs /sys && ip link set lo up');
const made = { interfaces: [], mounts: [], processes: [], host: [names.host] };
// Each line has two ends. The kernel does not take every name: the other end has one that it takes until there is another
// for it. One that is taken away again takes the kernel a while, so only the last is.
let waiting = null;
for (const name of names.interfaces) {
  const script = waiting ? 'ip link set dev try name "$end"' : 'ip link add name "$end" type veth peer name try';
  try {
    shell(`end="$(printf %b "$1")"; ${script}`, octal(name));
  } catch {
    continue;
  }
  if (waiting) made.interfaces.push(waiting, name);
  waiting = waiting ? null : name;
}
if (waiting) shell('ip link del try');
// Small, but file systems with blocks: what is in memory is no place for files, and is not shown.
mkdirSync(join(folder, 'mnt'));
for (const [i, name] of names.mounts.entries()) {
  const image = join(folder, `image${i}`);
  writeFileSync(image, Buffer.alloc(256 * 1024));
  try {
    const script =
      'PATH=$PATH:/usr/sbin:/sbin; mke2fs -q -F "$1" && point="$2/$(printf %b "$3")" && mkdir -p "$point" && mount -o loop "$1" "$point"';
    shell(script, image, join(folder, 'mnt'), octal(name));
    made.mounts.push(name);
  } catch {
    // Nor are there loop devices everywhere.
  }
}
shell('printf %b "$1" > /proc/sys/kernel/hostname', octal(names.host));
for (const name of names.processes) {
  // It is called so until it reads the end of its input, which is ours.
  const script = 'printf %b "$1" > /proc/$$/comm; read end';
  spawn('sh', ['-c', script, 'sh', octal(name)], { stdio: ['pipe', 'inherit', 'inherit'] });
  made.processes.push(name);
}

// Who connects says in two bytes to which port.
createServer((outside) => {
  outside.once('error', () => outside.destroy());
  outside.once('readable', () => {
    const inside = connect(outside.read(2).readUInt16BE(), '127.0.0.1');
    inside.once('error', () => outside.destroy()).once('close', () => outside.destroy());
    outside.once('close', () => inside.destroy());
    inside.pipe(outside).pipe(inside);
  });
}).listen(join(folder, 'socket'), () => {
  writeFileSync(join(folder, 'made.json.new'), JSON.stringify(made));
  renameSync(join(folder, 'made.json.new'), join(folder, 'made.json'));
  spawn(command, args, { stdio: 'inherit' }).once('exit', (code) => process.exit(code ?? 1));
});
