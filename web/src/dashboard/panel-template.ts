import { html, type TemplateResult } from 'lit';
import { isChart, type PanelElement, type PanelSpec } from './panel-spec.ts';

/** Where a panel's numbers come from. */
interface Endpoint {
  readonly src: string | null;
  readonly token: string | null;
}

const ELEMENTS: Readonly<Record<PanelElement, (from: Endpoint) => TemplateResult>> = {
  cpu: ({ src, token }) => html`<telltale-cpu .src=${src} .token=${token}></telltale-cpu>`,
  memory: ({ src, token }) => html`<telltale-memory .src=${src} .token=${token}></telltale-memory>`,
  network: ({ src, token }) => html`<telltale-network .src=${src} .token=${token}></telltale-network>`,
  disk: ({ src, token }) => html`<telltale-disk .src=${src} .token=${token}></telltale-disk>`,
  filesystem: ({ src, token }) => html`<telltale-filesystem .src=${src} .token=${token}></telltale-filesystem>`,
  pressure: ({ src, token }) => html`<telltale-pressure .src=${src} .token=${token}></telltale-pressure>`,
  sensors: ({ src, token }) => html`<telltale-sensors .src=${src} .token=${token}></telltale-sensors>`,
  gpu: ({ src, token }) => html`<telltale-gpu .src=${src} .token=${token}></telltale-gpu>`,
  processes: ({ src, token }) => html`<telltale-processes rows="40" .src=${src} .token=${token}></telltale-processes>`,
  cores: ({ src, token }) => html`<telltale-cores .src=${src} .token=${token}></telltale-cores>`,
};

/** A panel as a card. */
export function panelTemplate(spec: PanelSpec, from: Endpoint): TemplateResult {
  if (!isChart(spec)) return ELEMENTS[spec.element](from);
  return html`<section class="card" aria-label=${spec.heading}>
    <telltale-chart
      .src=${from.src}
      .token=${from.token}
      .max=${spec.max ?? null}
      ?stacked=${spec.stacked ?? false}
      heading=${spec.heading}
      series=${spec.series}
    ></telltale-chart>
  </section>`;
}
