export { type ChartLine, NO_POINTS, valueAt } from './columns.ts';
export { type ChartTheme, LineChart } from './line-chart.ts';
