import { formatValue, type Unit } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';

/** A number with its symbol set smaller. */
export function valueTemplate(value: number | null, unit: Unit): TemplateResult {
  const { text, symbol } = formatValue(value, unit);
  return html`${text}${symbol === '' ? '' : html`<span class="symbol">${symbol}</span>`}`;
}

/** A number in running text. */
export function factTemplate(title: string, definition: string, value: string): TemplateResult {
  return html`<div title=${definition}><dt>${title}</dt><dd>${value}</dd></div>`;
}
