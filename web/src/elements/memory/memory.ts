import { formatText, type MetricEvents } from '@telltale/shared';
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { factTemplate, valueTemplate } from '../base/value.ts';

/** From what programs hold to what can be dropped; free is what is left above. */
const PARTS = ['otherBytes', 'sharedBytes', 'buffersBytes', 'cacheBytes'];

type Memory = MetricEvents['memory'];

/**
 * Memory: what holds it over time, what is available, and swap.
 *
 * @element telltale-memory
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart value - How much is used.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleMemory extends TelltaleElement {
  static override styles = [
    theme,
    css`
      .of {
        font-size: 13px;
        margin-left: 8px;
      }
    `,
  ];

  override needs(): Needs {
    return { metrics: ['memory'], series: this.#series };
  }

  /** A machine without ZFS is not told about its cache. */
  get #series(): string[] {
    const parts = this.data.source?.latest('memory')?.zfsArcBytes ? [...PARTS, 'zfsArcBytes'] : PARTS;
    return parts.map((part) => `memory.${part}`);
  }

  override render(): TemplateResult {
    const memory = this.data.source?.latest('memory') ?? null;
    const total = memory?.totalBytes ?? null;
    const value = html`<span title="total - available, as free(1) shows it">
      <span part="value" class="value">${valueTemplate(memory?.usedBytes ?? null, 'bytes')}</span>
      <span class="of muted">used of ${formatText(total, 'bytes')}</span>
    </span>`;
    const body = html`
      <telltale-chart
        label="Memory"
        .src=${this.src}
        .token=${this.token}
        .max=${total}
        series=${this.#series.join()}
        stacked
      ></telltale-chart>
      ${factsTemplate(memory)}
    `;
    return cardTemplate(this.data, 'memory', value, body);
  }
}

function factsTemplate(memory: Memory | null): TemplateResult {
  const bytes = (value: number | null | undefined) => formatText(value ?? null, 'bytes');
  const rate = (value: number | null | undefined) => formatText(value ?? null, 'bytesPerSecond');
  const hasSwap = (memory?.swapTotalBytes ?? 0) > 0;
  const swap = hasSwap ? `${bytes(memory?.swapUsedBytes)} of ${bytes(memory?.swapTotalBytes)}` : 'none';
  const toDisk =
    memory?.dirtyBytes == null || memory.writebackBytes == null ? null : memory.dirtyBytes + memory.writebackBytes;
  return html`<dl class="facts">
    ${factTemplate('Available', 'What programs could get without swapping', bytes(memory?.availableBytes))}
    ${factTemplate('Free', 'Used for nothing at all', bytes(memory?.freeBytes))}
    ${factTemplate('Swap', 'SwapTotal - SwapFree', memory?.swapTotalBytes == null ? bytes(null) : swap)}
    ${
      hasSwap
        ? factTemplate(
            'Swapping in, out',
            'Read back from swap and written to it',
            `${rate(memory?.swapInBytesPerSecond)}, ${rate(memory?.swapOutBytesPerSecond)}`,
          )
        : nothing
    }
    ${factTemplate('To be written', 'Dirty + Writeback: waits for the disk', bytes(toDisk))}
    ${factTemplate('Major faults', 'Page faults that had to read from a disk', formatText(memory?.majorFaultsPerSecond ?? null, 'perSecond'))}
  </dl>`;
}
