/** The elements that have a page of their own for iframes, and which of their attributes its query may set. */
export const EMBED_ELEMENTS = {
  alerts: [],
  chart: ['series', 'heading', 'label', 'stacked', 'max'],
  cores: [],
  cpu: [],
  dashboard: [],
  disk: [],
  filesystem: [],
  gauge: ['series', 'label', 'max', 'attention'],
  gpu: [],
  memory: [],
  network: [],
  pressure: [],
  processes: ['by', 'order', 'rows', 'group', 'filter', 'filterable'],
  sensors: [],
  sparkline: ['series', 'label', 'max'],
  stat: ['series', 'label'],
  status: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type EmbedElement = keyof typeof EMBED_ELEMENTS;

export const EMBED_THEMES = ['auto', 'light', 'dark'] as const;
export const EMBED_SIZES = ['small', 'medium', 'large'] as const;
