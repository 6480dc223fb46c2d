/** Colours and type, read from the page's own style; anything a canvas takes as a colour. */
export interface ChartTheme {
  readonly ink: string;
  readonly strong: string;
  readonly grid: string;
  readonly paper: string;
  /** One end of the scale of a heat map, and the other. */
  readonly series: string;
  readonly signal: string;
  readonly alarm: string;
  readonly fontFamily: string;
  readonly fontSize: number;
}
