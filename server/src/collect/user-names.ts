/** How many questions a reading of the file answers: at sixty a look, half a minute while somebody watches processes. */
const ANSWERS = 1_000;

/** Names of users by their numbers, from passwd(5). */
export class UserNames {
  readonly #read: () => string | null;
  #names: ReadonlyMap<number, string> = new Map();
  #answersLeft = 0;

  /** `read` answers with the text of the file, or `null` where it cannot be read: then nobody has a name. */
  constructor(read: () => string | null) {
    this.#read = read;
  }

  nameOf(uid: number): string | null {
    if (this.#answersLeft-- === 0) {
      this.#answersLeft = ANSWERS - 1;
      this.#names = parsePasswd(this.#read() ?? '');
    }
    return this.#names.get(uid) ?? null;
  }
}

/** Parses passwd(5): `name:password:uid:…`. Lines that cannot be understood are passed over. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':');
    // Several names may share a number; the first is the one that getpwuid(3) finds.
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}
