import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Fields, fieldKind, metrics, PACE_NAMES, PACES } from '@telltale/shared';
import { table } from './markdown-table.ts';

const root = new URL('../../', import.meta.url);

/** The page that tells what the stream is. */
export const PROTOCOL_PAGE = fileURLToPath(new URL('PROTOCOL.md', root));

const EXAMPLE = /(\(tests\/examples\/([\w.-]+)\)[^`]*(?:`[^`]+`[^`]*)*?\n```\w+\n)[\s\S]*?(```\n)/g;
const FIELDS = /(<!-- fields -->\n)[\s\S]*?(<!-- \/fields -->\n)/;

/** The page with everything in it that is told elsewhere: the example files, and the declarations of the metrics. */
export function filledPage(page: string): string {
  return page
    .replace(EXAMPLE, (_, before: string, name: string, after: string) => {
      return before + readFileSync(new URL(`tests/examples/${name}`, root), 'utf8') + after;
    })
    .replace(FIELDS, (_, before: string, after: string) => before + fieldTables() + after);
}

function fieldTables(): string {
  const parts = Object.entries(metrics).map(([name, { title, pace, fields }]) => {
    const own = pace === 'base' ? 'the base pace (`--interval`, 1 s)' : `\`${PACE_NAMES[PACES.indexOf(pace)]}\``;
    return `\n### \`${name}\`\n\n${title}. Its own pace is ${own}.\n\n${fieldTable(rowsOf(fields, ''))}\n`;
  });
  return `${parts.join('')}\n`;
}

function rowsOf(fields: Fields, prefix: string): string[][] {
  return Object.entries(fields).flatMap(([name, schema]) => {
    const field = fieldKind(schema);
    if (field.kind === 'number') return [[prefix + name, field.meta.unit, field.meta.definition]];
    const path = `${prefix}${name}${field.kind === 'list' ? '[]' : ''}`;
    const below = 'fields' in field ? rowsOf(field.fields, `${path}.`) : [];
    return [[path, field.kind, field.definition], ...below];
  });
}

const fieldTable = (rows: readonly string[][]): string =>
  table(
    ['field', 'unit', 'meaning'],
    rows.map(([field, ...rest]) => [`\`${field}\``, ...rest]),
  );
