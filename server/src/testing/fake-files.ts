import type { HostFiles } from '../collect/linux/files.ts';

/** A host whose files are given: paths below `/proc` and `/sys` to text, and links below `/sys`. */
export function fakeFiles(
  proc: Readonly<Record<string, string>>,
  sys: Readonly<Record<string, string>> = {},
  links: Readonly<Record<string, string>> = {},
): HostFiles {
  const from = (root: string, files: Readonly<Record<string, string>>) => (name: string) =>
    (Object.hasOwn(files, name) ? files[name] : undefined) ?? new Error(`${root}/${name} does not exist`);
  return { proc: from('/proc', proc), sys: from('/sys', sys), sysLink: from('/sys', links), close() {} };
}
