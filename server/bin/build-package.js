// Makes what `web` is as a package for others, in web/dist: its modules as they are written, their types beside them, and
// the manifest of the elements. Nothing is bundled, since whoever installs a package has a bundler of their own.
// `pnpm pack` runs it, so that what is packed is never old; where nothing has changed there is nothing to make.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { root, runBin, SOURCES, unlessMade } from './workspace.js';

const web = join(root, 'web');
const dist = join(web, 'dist');
const MANIFEST = join(dist, 'custom-elements.json');

function buildPackage() {
  for (const name of ['web', 'shared']) rmSync(join(dist, name), { recursive: true, force: true });
  runBin('typescript7/bin/tsc', ['-p', join(web, 'tsconfig.package.json')]);
  const modules = readdirSync(dist, { recursive: true }).filter((name) => /^(web|shared)\W.*\.(js|ts)$/.test(name));
  for (const name of modules) rewrite(join(dist, name), (code) => withoutWorkspace(code, join(dist, name)));
  // Written by hand, so the compiler passes over it.
  const jsx = readFileSync(join(web, 'src', 'jsx.d.ts'), 'utf8');
  writeFileSync(join(dist, 'web', 'src', 'jsx.d.ts'), withoutExtensions(jsx));
  const globs = ['--globs', 'src/elements/**/*.ts', '--outdir', 'dist'];
  runBin('@custom-elements-manifest/analyzer/cem.js', ['analyze', '--litelement', '--quiet', ...globs], { cwd: web });
  rewrite(MANIFEST, (json) => `${JSON.stringify(published(JSON.parse(json)), null, 2)}\n`);
}

function rewrite(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** `shared` is no package of its own for others, so it is named by where it lies. */
function withoutWorkspace(code, file) {
  const shared = relative(dirname(file), join(dist, 'shared', 'src', 'index.js'))
    .split(sep)
    .join('/');
  return withoutExtensions(code.replaceAll(/(['"])@telltale\/shared\1/g, `'${shared}'`));
}

/** The compiler does this to code, but not to declarations. */
const withoutExtensions = (code) => code.replaceAll(/(from |import |import\()(['"])(\.[^'"]+)\.ts\2/g, '$1$2$3.js$2');

const publishedPath = (source) => source.replace(/^\/?src\/(.*)\.ts$/, 'dist/web/src/$1.js');

/** The elements alone, by the paths that the package has, with what others may use; and where each is defined. */
function published({ modules, ...manifest }) {
  const elements = modules.filter(({ declarations }) => declarations.some(({ tagName }) => tagName !== undefined));
  const paths = JSON.parse(JSON.stringify(elements), (key, value) =>
    key === 'path' || key === 'module' ? publishedPath(value) : value,
  );
  for (const { declarations } of paths) {
    for (const declaration of declarations) {
      // Those that nobody describes are none of anybody's business.
      declaration.events = declaration.events?.filter(({ description }) => description !== undefined);
      declaration.members = declaration.members?.filter(({ kind, privacy, static: isStatic }) => {
        return kind === 'field' && privacy === undefined && !isStatic;
      });
    }
  }
  const definitions = paths.map(({ path, declarations: [{ name, tagName }] }) => ({
    kind: 'javascript-module',
    path: path.replace(/elements\/.*\//, 'define/'),
    declarations: [],
    exports: [{ kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } }],
  }));
  return { ...manifest, modules: [...paths, ...definitions] };
}

const CONFIGS = ['tsconfig.base.json', 'web/tsconfig.json', 'web/tsconfig.package.json'];
unlessMade(join(dist, '.stamp'), [...SOURCES, ...CONFIGS], buildPackage);
