/** Looks at something that rarely changes at the first call, and again every so many calls. */
export class Seldom<T> {
  readonly #look: () => T;
  readonly #every: number;
  #known: { readonly value: T } | null = null;
  #calls = 0;

  constructor(every: number, look: () => T) {
    this.#every = every;
    this.#look = look;
  }

  read(): T {
    if (this.#known === null || ++this.#calls >= this.#every) {
      this.#known = { value: this.#look() };
      this.#calls = 0;
    }
    return this.#known.value;
  }
}
