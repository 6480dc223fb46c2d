import { encodeInstance, type Fields, fieldKind, isMetricName, metrics } from '@telltale/shared';

/** One event of a metric, as it was sent. */
type Values = Readonly<Record<string, unknown>>;

/** A list or a group of a metric, and the fields of it that are numbers. */
interface Nested {
  readonly name: string;
  readonly numbers: readonly string[];
}

interface Plan {
  readonly numbers: readonly string[];
  readonly groups: readonly Nested[];
  readonly lists: readonly Nested[];
}

const PLANS = new Map<string, Plan>();

const numbersOf = (fields: Fields): string[] =>
  Object.keys(fields).filter((name) => fieldKind(fields[name] as Fields[string]).kind === 'number');

/** What of a metric is kept as numbers. The lists of processes are no series: they are kept as a minute's top. */
function planOf(metric: string): Plan | null {
  const known = PLANS.get(metric);
  if (known || !isMetricName(metric)) return known ?? null;
  const { fields, onDemand }: { fields: Fields; onDemand: boolean } = metrics[metric];
  const nested = (wanted: 'list' | 'group') =>
    Object.entries(fields).flatMap(([name, schema]): Nested[] => {
      const field = fieldKind(schema);
      return field.kind === wanted && 'fields' in field ? [{ name, numbers: numbersOf(field.fields) }] : [];
    });
  const plan = { numbers: numbersOf(fields), groups: nested('group'), lists: onDemand ? [] : nested('list') };
  PLANS.set(metric, plan);
  return plan;
}

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

/**
 * Tells every number of an event under its key: the name of its series without the metric, like `usage` or
 * `cores.usage:0`. What is absent is not told.
 */
export function eachNumber(metric: string, event: object, tell: (key: string, value: number) => void): void {
  const plan = planOf(metric);
  if (!plan) return;
  const say = (key: string, value: unknown) => {
    if (typeof value === 'number' && Number.isFinite(value)) tell(key, value);
  };
  const values = event as Values;
  for (const name of plan.numbers) say(name, values[name]);
  for (const { name, numbers } of plan.groups) {
    const group = values[name];
    if (isValues(group)) for (const each of numbers) say(`${name}.${each}`, group[each]);
  }
  for (const { name, numbers } of plan.lists) {
    const list = values[name];
    if (!Array.isArray(list)) continue;
    for (const item of list.filter(isValues)) {
      const suffix = `:${encodeInstance(String(item['name']))}`;
      for (const each of numbers) say(`${name}.${each}${suffix}`, item[each]);
    }
  }
}
