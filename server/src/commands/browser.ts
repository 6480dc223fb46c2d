import type { World } from './world.ts';

const PROGRAMS: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a page where the user looks. No desktop, no browser: the URL was printed anyway. */
export function openBrowser(url: string, { platform, launch }: Pick<World, 'platform' | 'launch'>): void {
  const [program, ...args] = PROGRAMS[platform] ?? ['xdg-open'];
  launch(program, [...args, url]);
}
