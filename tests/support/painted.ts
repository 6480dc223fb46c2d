import type { Page } from '@playwright/test';

// What is painted, coarsely: a mean colour for each block of pixels. Where something stands, how bright it is and whether
// anything is there at all is in it; which letters they are, and how a browser smooths them, is not.

/** Pixels to a side of a block: about a line of text. */
const BLOCK = 16;
/** How far apart two mean colours are, of 255, before they are two. */
const TELLS = 6;
/** How many blocks to a side a place has: the smallest part of a page that is missed. */
const PLACE = 6;

export interface Painted {
  readonly columns: number;
  readonly rows: number;
  /** Red, green and blue of each block, row by row, of 255. */
  readonly colors: readonly number[];
  /** The same as a picture. */
  readonly png: Buffer;
}

/** Reads a picture in a page, which has what that takes. With a `block` of 1 it is taken as it is. */
export async function painted(page: Page, picture: Buffer, block = BLOCK): Promise<Painted> {
  const { png, ...rest } = await page.evaluate(
    async ([base64, block]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const sheet = (width: number, height: number) => {
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        const context = canvas.getContext('2d');
        if (!context) throw new Error('no canvas');
        return context;
      };
      const { width, height } = image;
      const whole = sheet(width, height);
      whole.drawImage(image, 0, 0);
      const { data } = whole.getImageData(0, 0, width, height);
      const [columns, rows] = [Math.ceil(width / block), Math.ceil(height / block)];
      const sums = new Float64Array(3 * columns * rows);
      const counts = new Float64Array(columns * rows);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = Math.floor(y / block) * columns + Math.floor(x / block);
          counts[at] = (counts[at] ?? 0) + 1;
          for (let c = 0; c < 3; c++) {
            sums[3 * at + c] = (sums[3 * at + c] ?? 0) + (data[4 * (y * width + x) + c] ?? 0);
          }
        }
      }
      const colors = Array.from(sums, (sum, i) => Math.round(sum / (counts[Math.floor(i / 3)] ?? 1)));
      const small = sheet(columns, rows);
      const pixels = small.createImageData(columns, rows);
      for (let i = 0; i < columns * rows; i++) pixels.data.set([...colors.slice(3 * i, 3 * i + 3), 255], 4 * i);
      small.putImageData(pixels, 0, 0);
      return { columns, rows, colors, png: small.canvas.toDataURL('image/png').split(',')[1] ?? '' };
    },
    [picture.toString('base64'), block] as const,
  );
  return { ...rest, png: Buffer.from(png, 'base64') };
}

/**
 * How much of the place where two differ most is not the same, of 1. A block is the same as one of the other at the same
 * place or beside it: another font moves what it writes by some pixels, and not much else.
 */
export function difference(a: Painted, b: Painted): number {
  const { columns, rows } = a;
  if (columns !== b.columns || rows !== b.rows) return 1;
  const others = Array.from({ length: columns * rows }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    return Math.max(distance(a, b, column, row), distance(b, a, column, row)) > TELLS;
  });
  let most = 0;
  for (let row = 0; row + PLACE <= rows; row++) {
    for (let column = 0; column + PLACE <= columns; column++) {
      let count = 0;
      for (let i = 0; i < PLACE * PLACE; i++) {
        if (others[(row + Math.floor(i / PLACE)) * columns + column + (i % PLACE)]) count++;
      }
      most = Math.max(most, count);
    }
  }
  return most / PLACE ** 2;
}

/** How far a block of one is from the nearest of those around its place in the other. */
function distance(one: Painted, other: Painted, column: number, row: number): number {
  const { columns, rows } = one;
  const at = 3 * (row * columns + column);
  let least = Number.POSITIVE_INFINITY;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const there = 3 * (y * columns + x);
      let apart = 0;
      for (let c = 0; c < 3; c++) {
        apart = Math.max(apart, Math.abs((one.colors[at + c] ?? 0) - (other.colors[there + c] ?? 0)));
      }
      least = Math.min(least, apart);
    }
  }
  return least;
}
