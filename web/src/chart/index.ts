export { type ChartLine, NO_POINTS, type Points, stack, valueAt } from './columns.ts';
export { eachStretch } from './draw-lines.ts';
export { HeatMap } from './heat-map.ts';
export { LineChart } from './line-chart.ts';
export type { ChartTheme } from './theme.ts';
