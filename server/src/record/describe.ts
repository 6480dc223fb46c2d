import type { Recording, RecordOptions } from './record.ts';

const AS_IT_WAS = `Everything is as it was: the names of the machine, of its interfaces, disks, mount points and control groups, and of what
ran on it. \`telltale record --anonymous\` replaces them.`;

const REPLACED = `Names were replaced, the same one by the same stand-in: of the machine, of what ran on it, of mount points, of what is
mounted and from where, of control groups, and of interfaces and disks unless they are the kernel's own, like \`eth0\` and
\`sda\`; hardware addresses, too, and the serial number of the processor. Of the options of mounts \`ro\` alone was kept.

The rest is as it was: sizes and counters, the numbers of processes and users, the version of the kernel, the model of
the processor, names of drivers and sensors, and where devices are on their buses.`;

const WITH_ARGUMENTS = {
  plain: 'Command lines are whole: look for passwords before anybody else does. The names of users were not recorded.',
  anonymous: 'Of command lines each word was replaced. The names of users were not recorded.',
};

/** The README of a recording: what it is, and what it gives away. */
export function describeRecording({ elapsedMs, kernel, telltale }: Recording, options: RecordOptions): string {
  const { anonymous, 'process-arguments': withArguments } = options;
  return `# A recorded machine

The files below \`/proc\` and \`/sys\` that Telltale reads, as they were on a machine with Linux ${kernel ?? '(unknown)'}: \`1\` and,
${elapsedMs} ms later, \`2\`. Made by \`telltale record\`, version ${telltale}. To see what it showed:

    telltale --proc-root 2/proc --sys-root 2/sys

What a folder listed and nobody read is a link to nothing. A file that could not be read is a folder that holds the
reason, and the other way round; \`recording.json\` lists them, and is written last.

## What it gives away

${anonymous ? REPLACED : AS_IT_WAS}

${withArguments ? WITH_ARGUMENTS[anonymous ? 'anonymous' : 'plain'] : 'Command lines and the names of users were not recorded.'}
`;
}
