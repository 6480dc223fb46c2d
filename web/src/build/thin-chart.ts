import type { Plugin } from 'vite';

// What of Chart.js a page of ours never runs: we draw the data ourselves, so no chart has a dataset, no axis a title, nothing
// is animated and nothing lights up under the pointer. Its classes for that hang together with the rest by names only, and no bundler
// can tell; leaving them out saves a twentieth of what pages load. A version of Chart.js that looks otherwise stops the
// build rather than being shipped whole, or in part.

/** From how something of Chart.js begins, up to the brace that ends it at the left edge, to what stands in for it. */
const REPLACED: readonly (readonly [string, string])[] = [
  [
    'class DatasetController {',
    'class DatasetController { static defaults = {}; static datasetElementType = null; static dataElementType = null; }',
  ],
  [
    'class Animator {',
    'class Animator { add() {} has() { return false; } listen() {} remove() {} running() { return false; } start() {} stop() {} }',
  ],
  // Which of its points is under the pointer.
  ['var Interaction = {', 'var Interaction = { modes: {} }'],
];
/** Methods of a chart that are for data sets, and for what happens to their points. */
const METHODS: readonly string[] = [
  ...[
    '_updateDataset',
    '_drawDataset',
    '_updateVisibility',
    'setDatasetVisibility',
    'toggleDataVisibility',
    'hide',
    'show',
  ],
  ...['getElementsAtEventForMode', 'setActiveElements', '_getActiveElements', 'updateHoverStyle', '_updateHoverStyles'],
  ...[
    '_eventHandler',
    '_handleEvent',
    'toBase64Image',
    'reset',
    'isPointInArea',
    'isPluginEnabled',
    'getActiveElements',
  ],
  ...[
    '_getUniformDataChanges',
    '_updateMetasets',
    '_removeUnreferencedMetasets',
    '_destroyDatasetMeta',
    'getDatasetMeta',
  ],
  ...['_resetElements', '_getSortedDatasetMetas', 'getVisibleDatasetCount', 'isDatasetVisible', 'getDataVisibility'],
];
/** Those that are called all the same, and what is left of them where there is no data set. */
const STUBS: Readonly<Record<string, string>> = {
  _updateHiddenIndices: '',
  _updateDatasets: '',
  _drawDatasets: '',
  buildOrUpdateControllers: 'return [];',
  getSortedVisibleDatasetMetas: 'return [];',
};
/** What is left out of each class, and what of it is left empty. */
const CLASSES: readonly (readonly [beginning: string, methods: readonly string[], stubs: typeof STUBS])[] = [
  ['class Chart {', METHODS, STUBS],
  ['class Config {', ['datasetScopeKeys', 'datasetAnimationScopeKeys', 'datasetElementScopeKeys'], {}],
  ['class Scale extends Element {', [], { drawTitle: '' }],
];
const METHOD = (name: string) => new RegExp(`^ {1,4}${name}\\([^\\n]*\\{\\n.*?^ {4}\\}\\n`, 'ms');
const WHOLE = (beginning: string) => new RegExp(`^ ?${beginning.replace('{', '\\{')}\\n.*?^\\}`, 'ms');
const gone = (what: string) => `Chart.js has no "${what}" any more: look at web/src/build/thin-chart.ts`;

export const thinChart: Plugin = {
  name: 'thin-chart',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/chart\.js\/dist\/chart\.js$/.test(id)) return null;
    let thin = code;
    for (const [beginning, stub] of REPLACED) {
      if (!WHOLE(beginning).test(thin)) this.error(gone(beginning));
      thin = thin.replace(WHOLE(beginning), stub);
    }
    for (const [beginning, methods, stubs] of CLASSES) {
      if (!WHOLE(beginning).test(thin)) this.error(gone(beginning));
      thin = thin.replace(WHOLE(beginning), (whole) =>
        [...methods, ...Object.keys(stubs)].reduce((rest, name) => {
          if (!METHOD(name).test(rest)) this.error(gone(`${name}() in ${beginning}`));
          const stub = stubs[name];
          return rest.replace(METHOD(name), stub === undefined ? '' : `    ${name}() { ${stub} }\n`);
        }, whole),
      );
    }
    return { code: thin, map: null };
  },
};
