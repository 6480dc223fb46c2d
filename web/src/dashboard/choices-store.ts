import { type Choices, DEFAULT_CHOICES, pagePreferences } from '../client/index.ts';

const KEY = 'telltale.choices';

/** What was kept, as far as it makes sense; another version may have written it. */
export function readChoices(text: string | null): Choices {
  let kept: unknown = null;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    // As good as nothing.
  }
  const { clock, rates, memory, keys } = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<Choices>;
  const hours = clock?.hours === 12 || clock?.hours === 24 ? clock.hours : null;
  return {
    clock: { utc: clock?.utc === true, hours },
    rates: rates === 'bits' ? rates : DEFAULT_CHOICES.rates,
    memory: memory === 'programs' ? memory : DEFAULT_CHOICES.memory,
    keys: keys !== false,
  };
}

/** Keeps the page's choices in this browser, and follows those of other tabs. Where nothing can be kept they last as long as the page. */
export function keepChoices(): () => void {
  const read = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  pagePreferences.choose(readChoices(read()));
  const onStorage = ({ key, newValue }: StorageEvent) => {
    if (key === KEY) pagePreferences.choose(readChoices(newValue));
  };
  addEventListener('storage', onStorage);
  const end = pagePreferences.subscribe(() => {
    const text = JSON.stringify(pagePreferences.choices);
    try {
      if (text !== localStorage.getItem(KEY)) localStorage.setItem(KEY, text);
    } catch {
      // Blocked or full.
    }
  });
  return () => {
    removeEventListener('storage', onStorage);
    end();
  };
}
