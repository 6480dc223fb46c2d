import {
  type Catalog,
  type CatalogField,
  type Fields,
  fieldKind,
  METRIC_NAMES,
  type MetricName,
  metrics,
  type Pace,
  PROTOCOL,
} from '@telltale/shared';
import { toJsonSchema } from '@valibot/to-json-schema';

function toCatalogFields(fields: Fields): Record<string, CatalogField> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, schema]): [string, CatalogField] => {
      const field = fieldKind(schema);
      if (field.kind === 'number') return [name, field.meta];
      const { title, definition } = field;
      if (field.kind === 'list') return [name, { title, definition, instances: toCatalogFields(field.fields) }];
      if (field.kind === 'group') return [name, { title, definition, fields: toCatalogFields(field.fields) }];
      return [name, { title, definition, unit: field.kind }];
    }),
  );
}

/** What can be subscribed to here, from the declarations alone. */
export function toCatalog(
  ownPace: (metric: MetricName) => Pace,
  isAvailable: (metric: MetricName) => boolean,
): Catalog {
  const entries = METRIC_NAMES.map((name) => {
    const { title, fields, schema } = metrics[name];
    const event = toJsonSchema(schema, { errorMode: 'ignore' });
    const interval = ownPace(name);
    return [name, { title, interval, available: isAvailable(name), fields: toCatalogFields(fields), schema: event }];
  });
  return { protocol: PROTOCOL, metrics: Object.fromEntries(entries) as Catalog['metrics'] };
}
