/** Colours and type, read from the page's own style; anything a canvas takes as a colour. */
export interface ChartTheme {
  readonly ink: string;
  readonly strong: string;
  readonly grid: string;
  readonly paper: string;
  /** The deepest of a heat map. */
  readonly series: string;
  readonly fontFamily: string;
  readonly fontSize: number;
}
