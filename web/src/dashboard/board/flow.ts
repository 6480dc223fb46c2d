/** Where something stands in lines that are filled one after the other, and in which of them. */
export interface Place {
  readonly x: number;
  readonly line: number;
}

/** Puts things of these widths side by side, and into a further line where one does not fit any more. */
export function flow(widths: readonly number[], most: number, gap: number): Place[] {
  let x = 0;
  let line = 0;
  return widths.map((width) => {
    if (x > 0 && x + width > most) {
      x = 0;
      line++;
    }
    const place = { x, line };
    x += width + gap;
    return place;
  });
}

/** The text, or as much of its beginning as is no wider than `most` with an ellipsis after it. */
export function shorten(text: string, most: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= most) return text;
  const letters = [...text];
  let [fits, beyond] = [0, letters.length];
  while (beyond - fits > 1) {
    const middle = (fits + beyond) >> 1;
    if (widthOf(`${letters.slice(0, middle).join('')}…`) <= most) fits = middle;
    else beyond = middle;
  }
  return `${letters.slice(0, fits).join('')}…`;
}
