import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { thinChart } from './src/build/thin-chart.ts';
import { thinTemplatesPlugin } from './src/build/thin-templates.ts';

/** What is built for the server are pages; what is built for others is one module, and names it itself. */
const PAGES = ['index.html', 'sign-in.html'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
/** A browser reads two files at once; what the sign-in page shares with the dashboard is none of its own. */
const SPLIT = { groups: [{ name: 'shared', test: /node_modules|shared.src|session/ }] };
const pages: Plugin = {
  name: 'pages',
  config: ({ build }) =>
    build?.lib ? {} : { build: { rolldownOptions: { input: PAGES, output: { codeSplitting: SPLIT } } } },
};

export default defineConfig(({ command }) => ({
  // Relative, so that the same build serves below any sub-path.
  base: './',
  plugins: command === 'build' ? [pages, thinTemplatesPlugin, thinChart] : [],
  resolve: { alias: { '@kurkle/color': fileURLToPath(new URL('src/chart/no-color.ts', import.meta.url)) } },
  build: {
    target: 'es2022',
    // The browsers that know `light-dark()`; for older ones it would be imitated at three times the size.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsDir: 'assets',
    // A small file is served as well as inlined, and `data:` URLs need a hole in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // No getter of ours or of what we use does anything but answer, so what is read and not used can go.
    rolldownOptions: { treeshake: { propertyReadSideEffects: false } },
  },
}));
