import { html, type TemplateResult } from 'lit';
import { isChart, type PanelElement, type PanelSpec } from './panel-spec.ts';

/** Where the numbers of a panel come from, as elements take it. */
export interface PanelSource {
  readonly src: string | null;
  readonly token: string | null;
}

const TEMPLATES: Readonly<Record<PanelElement, (source: PanelSource) => TemplateResult>> = {
  cpu: ({ src, token }) => html`<telltale-cpu .src=${src} .token=${token}></telltale-cpu>`,
  memory: ({ src, token }) => html`<telltale-memory .src=${src} .token=${token}></telltale-memory>`,
  network: ({ src, token }) => html`<telltale-network .src=${src} .token=${token}></telltale-network>`,
  disk: ({ src, token }) => html`<telltale-disk .src=${src} .token=${token}></telltale-disk>`,
  filesystem: ({ src, token }) => html`<telltale-filesystem .src=${src} .token=${token}></telltale-filesystem>`,
  pressure: ({ src, token }) => html`<telltale-pressure .src=${src} .token=${token}></telltale-pressure>`,
  sensors: ({ src, token }) => html`<telltale-sensors .src=${src} .token=${token}></telltale-sensors>`,
  gpu: ({ src, token }) => html`<telltale-gpu .src=${src} .token=${token}></telltale-gpu>`,
  processes: ({ src, token }) =>
    html`<telltale-processes filterable rows="40" .src=${src} .token=${token}></telltale-processes>`,
  cores: ({ src, token }) => html`<telltale-cores .src=${src} .token=${token}></telltale-cores>`,
};

/** What a panel shows: a card with a chart, or one of the elements, which are cards themselves. */
export function panelTemplate(spec: PanelSpec, source: PanelSource): TemplateResult {
  if (!isChart(spec)) return TEMPLATES[spec.element](source);
  const { src, token } = source;
  return html`<section class="card" aria-label=${spec.heading}>
    <telltale-chart
      .src=${src}
      .token=${token}
      .max=${spec.max ?? null}
      ?stacked=${spec.stacked ?? false}
      heading=${spec.heading}
      series=${spec.series}
    ></telltale-chart>
  </section>`;
}
