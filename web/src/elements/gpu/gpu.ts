import { formatText, type MetricEvents } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { cardTemplate, emptyText } from '../base/card.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { factTemplate } from '../base/value.ts';

type Card = MetricEvents['gpu']['cards'][number];

const SERIES = 'gpu.cards.usage:*';

/**
 * The graphics processors: how busy each is over time, its memory, temperature and power now.
 *
 * @element telltale-gpu
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart empty - What there is to say of a machine without any.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleGpu extends TelltaleElement {
  static override styles = theme;

  override needs(): Needs {
    return { metrics: ['gpu'], series: [SERIES] };
  }

  override render(): TemplateResult {
    const cards = this.data.source?.latest('gpu')?.cards;
    const body =
      cards?.length === 0
        ? html`<p part="empty" class="empty muted">${emptyText('gpu')}</p>`
        : html`
            <telltale-chart
              label="GPU"
              .src=${this.src}
              .token=${this.token}
              series=${SERIES}
            ></telltale-chart>
            ${cards?.map(cardFacts)}
          `;
    return cardTemplate(this.data, 'gpu', '', body);
  }
}

function cardFacts({ name, usage, memoryUsedBytes, memoryTotalBytes, celsius, watts }: Card): TemplateResult {
  return html`<dl class="facts" aria-label=${name}>
    ${factTemplate(name, 'Share of time in which it was busy', formatText(usage, 'percent'))}
    ${factTemplate('Memory', 'Of its own', `${formatText(memoryUsedBytes, 'bytes')} of ${formatText(memoryTotalBytes, 'bytes')}`)}
    ${factTemplate('Temperature', 'As the driver says', formatText(celsius, 'celsius'))}
    ${factTemplate('Power', 'As the driver says', formatText(watts, 'watts'))}
  </dl>`;
}
