import { type Clock, SYSTEM_CLOCK } from '@telltale/shared';

/** How a page writes its numbers and moments, where people want different things. */
export interface Choices {
  readonly clock: Clock;
  /** Network rates: as links are sold, or as files are counted. */
  readonly rates: 'bytes' | 'bits';
  /** Used memory: what new programs could not have, as `free` has it, or only what programs and the kernel hold for themselves. */
  readonly memory: 'available' | 'programs';
  /** Whether single keys do something: whoever speaks to a machine, or hits keys by chance, wants them not to. */
  readonly keys: boolean;
}

export const DEFAULT_CHOICES: Choices = { clock: SYSTEM_CLOCK, rates: 'bytes', memory: 'available', keys: true };

/** One object for all of a page, as its time is. */
export class Preferences {
  readonly #listeners = new Set<() => void>();
  #choices = DEFAULT_CHOICES;

  get choices(): Choices {
    return this.#choices;
  }

  choose(some: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...some };
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls after each choice; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** The page's own. */
export const pagePreferences: Preferences = new Preferences();
