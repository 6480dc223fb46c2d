import type { Plugin } from 'vite';

// What of Chart.js a page of ours never runs: we draw the data ourselves, so no chart has a dataset, nothing is animated
// and nothing lights up under the pointer. Its classes for that hang together with the rest by names only, and no bundler
// can tell; leaving them out saves a twentieth of what pages load. A version of Chart.js that looks otherwise stops the
// build rather than being shipped whole, or in part.

/** From a class of Chart.js to what stands in for it. */
const REPLACED: readonly (readonly [string, string])[] = [
  [
    'DatasetController',
    'class DatasetController { static defaults = {}; static datasetElementType = null; static dataElementType = null; }',
  ],
];
const CLASS = (name: string) => new RegExp(`^class ${name} \\{\\n.*?^\\}`, 'ms');

export const thinChart: Plugin = {
  name: 'thin-chart',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/chart\.js\/dist\/chart\.js$/.test(id)) return null;
    let thin = code;
    for (const [name, stub] of REPLACED) {
      if (!CLASS(name).test(thin))
        this.error(`Chart.js has no class ${name} any more: look at web/src/build/thin-chart.ts`);
      thin = thin.replace(CLASS(name), stub);
    }
    return { code: thin, map: null };
  },
};
