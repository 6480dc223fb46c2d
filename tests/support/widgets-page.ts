import { fileURLToPath } from 'node:url';
import { table } from './markdown-table.ts';

/** The page that tells what each element takes, fires and lets others style. */
export const WIDGETS_PAGE = fileURLToPath(new URL('../../WIDGETS.md', import.meta.url));

interface Described {
  readonly name: string;
  readonly description?: string;
}

interface Attribute extends Described {
  readonly type?: { readonly text: string };
  readonly inheritedFrom?: { readonly name: string };
}

/** An element as the manifest of the package declares it. */
export interface Declaration extends Described {
  readonly tagName: string;
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly Described[];
  readonly slots?: readonly Described[];
  readonly cssParts?: readonly Described[];
  readonly cssProperties?: readonly Described[];
}

const ELEMENTS = /(<!-- elements -->\n)[\s\S]*?(<!-- \/elements -->\n)/;

/** The page with everything in it that the headers of the elements tell. */
export function filledWidgets(page: string, declarations: readonly Declaration[]): string {
  const sorted = declarations.toSorted((a, b) => (a.tagName < b.tagName ? -1 : 1));
  const parts = sorted.map((each) => `\n## \`<${each.tagName}>\`\n\n${each.description}\n${tableOf(each)}`);
  return page.replace(ELEMENTS, (_, before: string, after: string) => `${before}${parts.join('')}\n${after}`);
}

function tableOf(element: Declaration): string {
  // What all have is told once, at the top.
  const own = (element.attributes ?? []).filter(({ inheritedFrom }) => inheritedFrom?.name !== 'TelltaleElement');
  const rows = [
    ...own.map((each) => row(/^boolean\b/.test(each.type?.text ?? '') ? 'switch' : 'attribute', each)),
    ...rowsOf('event', element.events),
    ...(element.slots ?? []).map((each) => row('slot', { ...each, name: each.name || '(default)' })),
    ...rowsOf('part', element.cssParts),
    ...rowsOf('property', element.cssProperties),
  ];
  return rows.length === 0 ? '' : `\n${table(['kind', 'name', 'meaning'], rows)}\n`;
}

const row = (kind: string, { name, description = '' }: Described): string[] => [kind, `\`${name}\``, description];
const rowsOf = (kind: string, all: readonly Described[] = []): string[][] => all.map((each) => row(kind, each));
