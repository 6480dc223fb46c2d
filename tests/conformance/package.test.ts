import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Declaration, filledWidgets, WIDGETS_PAGE } from '../support/widgets-page.ts';

// The npm package of the elements, as somebody has it who installed it: what is packed is unpacked into a folder of its
// own, beside the packages that it names and nothing else of ours.

const root = fileURLToPath(new URL('../../', import.meta.url));
// Outside of ours: a package that is not there is looked for in every folder above.
const project = mkdtempSync(join(tmpdir(), 'telltale-package-'));
const installed = join(project, 'node_modules', '@telltale', 'web');
const manifest = JSON.parse(readFileSync(join(root, 'web', 'package.json'), 'utf8'));
const archive = join(project, `telltale-web-${manifest.version}.tgz`);

/** Lets the project have a package of one of our folders. */
function link(name: string, from: string): void {
  const to = join(project, 'node_modules', name);
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(join(root, from, 'node_modules', name), to, 'junction');
}

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** Runs Node in the project of somebody. */
function node(...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

const script = (code: string) => node('--input-type=module', '--eval', code);
const fine = (said: unknown = expect.any(String)) => ({ code: 0, said });
const typesOf = (config: string) => node(join(root, 'node_modules/typescript7/bin/tsc'), '-p', config);

/** What the manifest of the elements says of each. */
function elements(): Declaration[] {
  const { modules } = JSON.parse(readFileSync(join(installed, manifest.customElements), 'utf8'));
  return modules.flatMap(({ declarations }: { declarations: Declaration[] }) => declarations);
}

beforeAll(() => {
  mkdirSync(dirname(installed), { recursive: true });
  expect(node(join(root, 'tests/support/pack.js'), project)).toEqual(fine());
  spawnSync('tar', ['-xzf', archive, '-C', project]);
  renameSync(join(project, 'package'), installed);
  for (const name of Object.keys(manifest.dependencies)) link(name, 'web');
}, 60_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the package @telltale/web', () => {
  it('is as publint and arethetypeswrong want it', () => {
    const bin = (path: string) => join(root, 'tests', 'node_modules', path);
    expect(node(bin('publint/src/cli.js'), archive, '--strict')).toEqual(fine(expect.stringContaining('All good!')));
    expect(node(bin('@arethetypeswrong/cli/dist/index.js'), archive, '--profile', 'esm-only')).toEqual(fine());
  });

  it('names nothing that its users cannot have', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]s$/.test(name));
    expect(files.length).toBeGreaterThan(100);
    const text = files.map((name) => readFileSync(join(installed, name), 'utf8')).join('\n');
    const packages = [...text.matchAll(/(?:from |import |import\()['"]([^.'"][^'"]*)['"]/g)].map(
      ([, name = '']) => name,
    );
    const allowed = Object.keys(manifest.dependencies);
    expect(packages.filter((name) => !allowed.some((each) => name === each || name.startsWith(`${each}/`)))).toEqual(
      // What the page on JSX tells others to write.
      ['@telltale/web/jsx'],
    );
  });

  it('can be imported where there is no page', () => {
    expect(script(`await import('@telltale/web')`)).toEqual(fine(''));
    expect(script(`console.log(typeof (await import('@telltale/web/client')).connect)`)).toEqual(fine('function\n'));
  });

  it('defines nothing by a class, and one element by its definition', () => {
    const ran = script(`
      const names = ${JSON.stringify(elements().map(({ tagName, name }) => [tagName.replace('telltale-', ''), name]))};
      for (const [short, name] of names) {
        const tag = 'telltale-' + short;
        const { [name]: element } = await import('@telltale/web/elements/' + short + '.js');
        if (customElements.get(tag)) throw new Error('a class defines ' + tag);
        await import('@telltale/web/define/' + short + '.js');
        if (customElements.get(tag) !== element) throw new Error('nothing defines ' + tag);
      }
      await customElements.get('telltale-dashboard').load();
      console.log(names.length, customElements.get('telltale-overview') !== undefined);`);
    expect(ran).toEqual(fine(`${elements().length} true\n`));
  });

  it('defines with an element those that it is made of', () => {
    const read = (path: string) => readFileSync(join(installed, 'dist/web/src', path), 'utf8');
    for (const { tagName } of elements()) {
      const short = tagName.replace('telltale-', '');
      const inside = [...read(`elements/${short}/${short}.js`).matchAll(/^\s+(?![\s*]).*<telltale-([\w-]+)/gm)];
      const needed = new Set(inside.map(([, each = '']) => each));
      const defined = [...read(`define/${short}.js`).matchAll(/^import '\.\/([\w-]+)\.js'/gm)];
      // The dashboard has something to load for that.
      const expected = short === 'dashboard' ? new Set(['overview']) : new Set(defined.map(([, each = '']) => each));
      expect(needed, tagName).toEqual(expected);
    }
  });

  it('says of every element which attributes it has, and what each does', () => {
    const declared = elements();
    const said = declared.map(({ name, attributes = [] }) => [name, attributes.map((each) => each.name).sort()]);
    const { said: real } = script(`
      const elements = Object.entries(await import('@telltale/web')).filter(([, { observedAttributes }]) => observedAttributes);
      console.log(JSON.stringify(elements.map(([name, { observedAttributes }]) => [name, observedAttributes.sort()])));`);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(JSON.parse(real)));
    const silent = declared.filter(({ description, attributes = [], events = [] }) => {
      return !description || [...attributes, ...events].some((each) => !each.name || !each.description);
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('has types that hold for whoever has them checked, with React and without', () => {
    const bare = {
      compilerOptions: { module: 'NodeNext', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: [], noEmit: true },
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ ...bare, files: ['bare.mts'] }));
    writeFileSync(
      join(project, 'bare.mts'),
      `import '@telltale/web/define/gauge.js';
      import { connect } from '@telltale/web/client';
      import type { TelltaleElements } from '@telltale/web/jsx';
      export const attention: number | null = document.createElement('telltale-gauge').attention;
      export const given: TelltaleElements['telltale-gauge'] = { series: 'cpu.usage', attention: 90 };
      connect({ url: '/' }).on('cpu', ({ usage }) => void (usage satisfies number | null));
      // @ts-expect-error: it is a number
      document.createElement('telltale-gauge').attention = 'much';`,
    );
    expect(typesOf('tsconfig.json')).toEqual(fine(''));

    for (const name of ['react', 'react-dom', '@types/react', '@types/react-dom']) link(name, 'tests');
    cpSync(join(root, 'tests/examples/react'), join(project, 'react'), { recursive: true });
    expect(typesOf('react/tsconfig.json')).toEqual(fine(''));
  });
});

describe('WIDGETS.md', () => {
  const page = readFileSync(WIDGETS_PAGE, 'utf8');

  // After a change of the header of an element: npx vitest run --project servers package --update
  it('tells of every element what its header tells', async () => {
    await expect(filledWidgets(page, elements())).toMatchFileSnapshot(WIDGETS_PAGE);
  });

  it('names every property that a page may set', () => {
    const modules = readdirSync(join(installed, 'dist/web/src/elements'), { recursive: true, encoding: 'utf8' });
    const code = modules
      .filter((name) => name.endsWith('.js'))
      .map((name) => {
        return readFileSync(join(installed, 'dist/web/src/elements', name), 'utf8');
      });
    const used = new Set(
      code.flatMap((text) => [...text.matchAll(/var\((--telltale-[\w-]+)/g)].map(([, name = '']) => name)),
    );
    const named = (name: string) => page.includes(`\`${name}\``) || /^--telltale-series-[2-7]$/.test(name);
    expect(used.size).toBeGreaterThan(15);
    expect([...used].filter((name) => !named(name))).toEqual([]);
  });
});
