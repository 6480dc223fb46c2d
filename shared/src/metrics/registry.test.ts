import { describe, expect, it } from 'vitest';
import { type Fields, fieldKind } from '../field.ts';
import { PACES } from '../pace.ts';
import { isMetricName, METRIC_NAMES, metrics } from './registry.ts';

/** Every field of a metric, those of its lists and groups too, by its path. */
function allFields(fields: Fields, path: string): [string, ReturnType<typeof fieldKind>][] {
  return Object.entries(fields).flatMap(([name, schema]) => {
    const field = fieldKind(schema);
    const inner = field.kind === 'list' || field.kind === 'group' ? allFields(field.fields, `${path}.${name}`) : [];
    return [[`${path}.${name}`, field] as [string, typeof field], ...inner];
  });
}

describe.each(METRIC_NAMES)('the declaration of %s', (name) => {
  const { title, pace, fields } = metrics[name];

  it('has a title and a pace', () => {
    expect(title).not.toBe('');
    expect(pace === 'base' || PACES.includes(pace)).toBe(true);
  });

  it.each(allFields(fields, name))('says what %s is', (path, field) => {
    const { title: own, definition } = field.kind === 'number' ? field.meta : field;
    expect(own.trim()).not.toBe('');
    expect(definition.trim()).not.toBe('');
    if (field.kind !== 'number') return;
    expect(field.meta.unit).toBeTruthy();
    expect(field.meta.min).toBe(field.meta.unit === 'celsius' ? null : 0);
    // Of several processors a process can use more than one.
    const bounded = field.meta.unit === 'percent' && !path.startsWith('process.');
    expect(field.meta.max).toBe(bounded ? 100 : null);
  });

  it('has no field that a series or an object could mistake', () => {
    for (const [path] of allFields(fields, name)) {
      expect(
        path
          .split('.')
          .slice(1)
          .every((part) => /^[a-z][A-Za-z0-9]*$/.test(part)),
      ).toBe(true);
      expect(path.split('.')).not.toContain('name');
    }
  });
});

it.each(['constructor', '__proto__', 'toString', '', 'CPU', 'hello'])('%j is no metric', (name) => {
  expect(isMetricName(name)).toBe(false);
});
