export { type ChartLine, NO_POINTS, type Points, valueAt } from './columns.ts';
export { type ChartTheme, LineChart } from './line-chart.ts';
