/**
 * The name of a program without its arguments, of a text that may have some behind it: names have spaces too ("Google
 * Chrome"), so the shortest that `exists` is taken, and where none does the first word: rather too little is shown.
 */
export function programName(text: string, exists: (name: string) => boolean): string {
  const words = text.split(' ');
  const last = words.length === 1 ? 0 : words.findIndex((_, i) => exists(words.slice(0, i + 1).join(' ')));
  return words.slice(0, Math.max(0, last) + 1).join(' ');
}
