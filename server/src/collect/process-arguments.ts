// A command line may hold what nobody else should read. What looks like a secret is masked before it goes anywhere; where
// that is not certain, too much is masked rather than too little. Everything here takes time in proportion to the text,
// which is anybody's.

/** Stands for what is not shown. */
export const MASK = '***';
/** Stands for what was left out for its length. */
const CUT = '…';
const MAX_BYTES = 1_024;
/** What is looked at. A word that reaches beyond is left out, since half of it may be half a secret. */
const MAX_TEXT = 8_192;

/** Parts of the names that people give to secrets. */
const NAME = /pass|pwd|secret|token|key|cred|auth|bearer|cookie|signature|sig(?==)/i;
/** What parts a name from its value: --token=x, ?apikey=x, {"secret": "x"}, Authorization: Basic x, <password>x */
const SEPARATOR = /[=:>\s]/;
/** Whatever follows one of these is masked. */
const LEADS: readonly RegExp[] = [
  // A variable of the environment, whatever its name: PGPASSWORD=x, {"DB": "x"}
  /(?<![A-Za-z0-9_])[A-Z_][A-Z0-9_]*(?:=|["']\s*:)/,
  // The password of mysql, 7z, sshpass and unzip: -px, -p x
  /(?:^|\s)-[pP](?!$)/,
  // User and password of curl: -u me:x, --user=me:x
  /(?:^|\s)(?:-[uU]|--(?:proxy-)?user\b)(?:=|\s+)?[^\s:%]*[:%]/,
];
const USER_OPTION = /^(?:-[uU]|--(?:proxy-)?user)$/;
/** Programs whose password is behind another letter. */
const OTHER_LETTER = /(?:^|\/)(?:redis-cli|ldap[a-z]+)$/;

/** What is a secret by its looks: keys of AWS, Google, GitHub, GitLab, Slack and others, JSON web tokens, long hexadecimal. */
const SHAPES: readonly RegExp[] = [
  /(?:AKIA|ASIA)[\dA-Z]{16}/g,
  /(?:AIza|ya29\.|gh[oprsu]_|github_pat_|gl(?:pat|[cdfrp]t|cbt|ptt|soat)-|xox[a-z]-|eyJ|\b[rs]k[-_]|\bhf_)[\w.~+/=-]{8,}/g,
  /[\da-fA-F]{16,}/g,
];
const RUN = /[\w+/-]{20,}={0,2}/g;
/** Random characters change between small letters, capitals and digits at two of three places; words and paths seldom. */
const LEAST_CHANGES = 0.2;
/** Shorter runs must have a digit: names like HeapDumpOnOutOfMemoryError have none. */
const SURE_LENGTH = 32;

function looksRandom(run: string): boolean {
  if (run.length < SURE_LENGTH && !/\d/.test(run)) return false;
  const kinds = run
    .replace(/[^A-Za-z\d]/g, '')
    .replace(/[a-z]/g, 'a')
    .replace(/[A-Z]/g, 'A')
    .replace(/\d/g, '1');
  const changes = [...kinds].filter((kind, i) => i > 0 && kind !== kinds[i - 1]).length;
  return changes > run.length * LEAST_CHANGES;
}

type Span = readonly [from: number, to: number];

/** Where what follows is a secret, up to the end of the word, which may be a whole script: `sh -c "…"`. */
function leadEnd(word: string, lead: RegExp): number {
  const found = lead.exec(word);
  return found ? found.index + found[0].length : word.length;
}

/** The parts of a word that must not be shown, by where they begin. */
function secretsOf(word: string, isUser: boolean): Span[] {
  const ends = [...LEADS, ...(isUser ? [/[:%]/] : [])].map((lead) => leadEnd(word, lead));
  const named = leadEnd(word, NAME);
  const separator = SEPARATOR.exec(word.slice(named));
  if (separator) ends.push(named + separator.index + 1);
  const spans: Span[] = [[Math.min(...ends), word.length]];
  // scheme://user:password@host, user:password@host. A password may hold "@" and "/" itself.
  spans.push([leadEnd(word, /:(?:\/\/)?(?=\S)/), word.lastIndexOf('@')]);
  const shaped = SHAPES.flatMap((shape) => [...word.matchAll(shape)]);
  const random = [...word.matchAll(RUN)].filter(([run]) => looksRandom(run));
  for (const { index, 0: found } of [...shaped, ...random]) spans.push([index, index + found.length]);
  return spans.filter(([from, to]) => from < to).sort(([a], [b]) => a - b);
}

function maskWord(word: string, isUser: boolean): string {
  let masked = '';
  let end = 0;
  for (const [from, to] of secretsOf(word, isUser)) {
    if (from >= end) masked += word.slice(end, from) + MASK;
    end = Math.max(end, to);
  }
  return masked + word.slice(end);
}

/** Whether the word after this one is a secret: `--token`, `-p`, `password:`, `Bearer`. */
function announces(word: string, isProgram: boolean, program: string): boolean {
  const option = word.slice(Math.max(...[...' \t\n'].map((space) => word.lastIndexOf(space))) + 1);
  if (/^-[pP]$/.test(option) || (/^-[aw]$/.test(option) && OTHER_LETTER.test(program))) return true;
  if (!NAME.test(word) && !/^basic$/i.test(word)) return false;
  const isOption = option.startsWith('-') && NAME.test(option) && !/[=:]/.test(option);
  return isOption || /[=:]\s*["']?$/.test(word) || (!isProgram && /^[a-z]+$/i.test(word));
}

/**
 * The command line of /proc/PID/cmdline (proc_pid_cmdline(5)): its words with spaces between them, secrets masked, at most
 * 1 KiB of UTF-8. `null` where there is none: a thread of the kernel, or a process that has ended.
 */
export function parseArguments(cmdline: string): string | null {
  const words = wordsOf(cmdline.slice(0, MAX_TEXT));
  // Half a word, unless the cut is between two.
  if (cmdline.length > MAX_TEXT && cmdline[MAX_TEXT - 1] !== '\0') words.splice(-1, 1, CUT);
  const [program = ''] = words;
  let isSecret = false;
  let isUser = false;
  const shown = words.map((word, i) => {
    // Even where it looks like an option, since a password may.
    const masked = isSecret ? MASK : maskWord(word, isUser);
    isSecret = announces(word, i === 0, program);
    isUser = USER_OPTION.test(word);
    return masked;
  });
  return shorten(shown.join(' ')) || null;
}

/** A program that changed its title fills what it does not need with zeros. */
function wordsOf(text: string): string[] {
  let end = text.length;
  while (text[end - 1] === '\0') end--;
  return text.slice(0, end).split('\0');
}

/** At most 1 KiB; `encodeInto` writes whole characters only. */
function shorten(line: string): string {
  if (Buffer.byteLength(line) <= MAX_BYTES) return line;
  const { read } = new TextEncoder().encodeInto(line, new Uint8Array(MAX_BYTES - Buffer.byteLength(CUT)));
  return line.slice(0, read) + CUT;
}
