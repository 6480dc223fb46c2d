import { METRIC_NAMES, parseSeries } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { readSeries } from '../../elements/chart/lines.ts';
import { chartsOf } from './charts-of.ts';
import { isChart, keyOf } from './panel-spec.ts';
import { OVERVIEW_CHARTS, SECTIONS } from './sections.ts';

const panels = [...SECTIONS.flatMap((section) => section.panels), ...OVERVIEW_CHARTS];

describe('the sections', () => {
  it('draw series that there are, of one unit each', () => {
    const wrong = panels.filter(isChart).filter(({ series }) => readSeries(series) instanceof Error);
    expect(wrong).toEqual([]);
  });

  it('show every metric somewhere', () => {
    const shown = panels.filter(isChart).flatMap(({ series }) => series.split(','));
    const metrics = new Set(shown.map((name) => (parseSeries(name) as { metric: string }).metric));
    const asElements = new Set(panels.flatMap((panel) => (isChart(panel) ? [] : [panel.element as string])));
    const missing = METRIC_NAMES.filter((name) => !metrics.has(name) && !asElements.has(name));
    expect(missing).toEqual([]);
  });

  it('show nothing twice', () => {
    for (const { panels: own } of SECTIONS) expect(new Set(own.map(keyOf)).size).toBe(own.length);
  });

  it('have unique names in the address', () => {
    expect(new Set(SECTIONS.map(({ id }) => id)).size).toBe(SECTIONS.length);
  });
});

describe('the charts of a metric that nobody has thought about', () => {
  it('are all of its numbers, those of one unit together and each of a list by itself', () => {
    const charts = chartsOf('disk');
    expect(charts[0]).toEqual({ heading: 'Devices: read', series: 'disk.devices.readBytesPerSecond:*' });
    expect(charts.at(-1)).toEqual({
      heading: 'Read, Written',
      series: 'disk.readBytesPerSecond,disk.writeBytesPerSecond',
    });
    const names = charts.flatMap(({ series }) => series.split(','));
    expect(new Set(names).size).toBe(names.length);
  });

  it('leave out what is drawn already', () => {
    const drawn = [{ heading: '', series: 'disk.readBytesPerSecond,disk.writeBytesPerSecond' }];
    expect(chartsOf('disk', drawn).map(({ heading }) => heading)).not.toContain('Read, Written');
  });
});
