import type { HostFiles } from '../collect/linux/files.ts';

type Tree = Readonly<Record<string, string>>;

/** A host whose files are given: paths below `/proc` and `/sys` to text, and links below `/sys`. */
export function fakeFiles(proc: Tree, sys: Tree = {}, links: Tree = {}): HostFiles {
  const read = (root: string, files: Tree) => (name: string) =>
    (Object.hasOwn(files, name) ? files[name] : undefined) ?? new Error(`${root}/${name} does not exist`);
  const list =
    (root: string, ...trees: readonly Tree[]) =>
    (folder: string) => {
      const inside = trees.flatMap(Object.keys).filter((path) => path.startsWith(`${folder}/`));
      const names = new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] as string));
      return names.size > 0 ? [...names] : new Error(`${root}/${folder} does not exist`);
    };
  return {
    own: false,
    proc: read('/proc', proc),
    procOnce: read('/proc', proc),
    procList: list('/proc', proc),
    sys: read('/sys', sys),
    sysOnce: read('/sys', sys),
    sysList: list('/sys', sys, links),
    sysLink: read('/sys', links),
    close() {},
  };
}
