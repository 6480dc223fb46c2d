import './gallery.css';
import { html, LitElement, render, type TemplateResult } from 'lit';
import { pageWindow, Source } from '../client/index.ts';
import { provideSource } from '../client/sources.ts';
import { TelltaleDashboard } from '../elements/dashboard/dashboard.ts';
import { defineElements } from '../elements/index.ts';
import { STATES, type State, worldOf } from './world.ts';

// Every element in every state, theme and size: the place to develop them, and what is photographed.
//   ?element=cpu  one alone   ?state=late  one state alone   ?theme=dark   ?width=320   ?at=1700000000000  stands still

const query = new URLSearchParams(location.search);
const base = (state: State) => `${location.origin}/gallery/${state}/`;

for (const state of STATES) {
  const endpoint = { base: base(state), token: null };
  provideSource(endpoint.base, new Source(endpoint, worldOf(state), pageWindow));
}

const LOAD = 'cpu.load1,cpu.load5,cpu.load15';
const EXAMPLES: Readonly<Record<string, TemplateResult>> = {
  alerts: html`<telltale-alerts></telltale-alerts>`,
  chart: html`<telltale-chart heading="Load" series=${LOAD}></telltale-chart>`,
  'chart-stacked': html`<telltale-chart heading="CPU" series="cpu.user,cpu.system,cpu.iowait" stacked></telltale-chart>`,
  'chart-many': html`<telltale-chart heading="Each core" series="cpu.cores.usage:*"></telltale-chart>`,
  'chart-wrong': html`<telltale-chart series="cpu.usage,memory.usedBytes"></telltale-chart>`,
  cores: html`<telltale-cores></telltale-cores>`,
  cpu: html`<telltale-cpu></telltale-cpu>`,
  disk: html`<telltale-disk></telltale-disk>`,
  filesystem: html`<telltale-filesystem></telltale-filesystem>`,
  gauge: html`<telltale-gauge attention="50"></telltale-gauge>`,
  gpu: html`<telltale-gpu></telltale-gpu>`,
  memory: html`<telltale-memory></telltale-memory>`,
  network: html`<telltale-network></telltale-network>`,
  pressure: html`<telltale-pressure></telltale-pressure>`,
  processes: html`<telltale-processes></telltale-processes>`,
  'processes-filterable': html`<telltale-processes filterable group="user"></telltale-processes>`,
  sensors: html`<telltale-sensors></telltale-sensors>`,
  sparkline: html`<telltale-sparkline></telltale-sparkline>`,
  stat: html`<telltale-stat>of 8 processors</telltale-stat>`,
  status: html`<telltale-status></telltale-status>`,
  'time-range': html`<telltale-time-range></telltale-time-range>`,
};

const one = query.get('element');
const elements = Object.entries(EXAMPLES).filter(([name]) => one === null || name === one);
const states = STATES.filter((state) => (query.get('state') ?? state) === state);
document.documentElement.className = query.get('theme') ?? '';
if (query.has('width')) document.body.style.maxWidth = `${query.get('width')}px`;

TelltaleDashboard.load = () => Promise.resolve();
defineElements();
// Errors in elements are to be seen here first.
LitElement.enableWarning?.('change-in-update');

render(
  html`
    <main>
      <h1>Gallery</h1>
      <nav>${Object.keys(EXAMPLES).map((name) => html`<a href="?element=${name}">${name}</a>`)}</nav>
      <nav>${STATES.map((state) => html`<a href="?state=${state}">${state}</a>`)}</nav>
      <div class="examples">
        ${elements.flatMap(([name, example]) =>
          states.map(
            (state) => html`<figure data-element=${name} data-state=${state}>
              <figcaption>${name}, ${state}</figcaption>
              <telltale-source src=${base(state)}>${example}</telltale-source>
            </figure>`,
          ),
        )}
      </div>
    </main>
  `,
  document.body,
);
