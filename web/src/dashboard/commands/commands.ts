/** Something that can be done or gone to, by name or by keys. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** What it is listed under. */
  readonly group: string;
  /** `p`, `?`, `g c` for one key after the other, `Mod+k` with Ctrl, or ⌘ on a Mac. */
  readonly keys?: string;
  /** More words to find it by, shown small: the name of a series. */
  readonly detail?: string;
  run(): void;
}

/** Who has not found it among these types one more letter. */
export const MAX_RESULTS = 50;

const MAX_QUERY = 200;
const MAX_WORDS = 8;
const LETTER = /[\p{L}\p{N}]/u;

/** How far a word is from what somebody reads first: 0 is the best, `null` is not found. */
function scoreOf(word: string, title: string, rest: string): number | null {
  if (title.startsWith(word)) return 0;
  const inTitle = placeOf(word, title);
  if (inTitle !== null) return inTitle ? 1 : 2;
  const inRest = placeOf(word, rest);
  if (inRest === null) return null;
  return inRest ? 3 : 4;
}

/** Whether a word of the text begins with this one, or has it inside; `null` for neither. */
function placeOf(word: string, text: string): boolean | null {
  let found: boolean | null = null;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !LETTER.test(text[at - 1] as string) || !LETTER.test(word[0] as string)) return true;
    found = false;
  }
  return found;
}

/**
 * The commands that have every word of a query, in any order of the words: those whose title begins with one first, then
 * starts of words before insides, and the title before the rest. Equals stay in their order.
 */
export function rankCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.slice(0, MAX_QUERY).toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  const found: { readonly command: Command; readonly score: number }[] = [];
  for (const command of commands) {
    const title = command.title.toLowerCase();
    const rest = `${command.group} ${command.detail ?? ''}`.toLowerCase();
    const scores = words.map((word) => scoreOf(word, title, rest));
    if (scores.includes(null)) continue;
    found.push({ command, score: scores.reduce<number>((sum, score) => sum + (score as number), 0) });
  }
  return found
    .sort((a, b) => a.score - b.score)
    .slice(0, MAX_RESULTS)
    .map(({ command }) => command);
}

/** Under the names of their groups: a group stands where its first command stood. */
export function groupCommands(commands: readonly Command[]): Map<string, Command[]> {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = groups.get(command.group);
    if (group) group.push(command);
    else groups.set(command.group, [command]);
  }
  return groups;
}
