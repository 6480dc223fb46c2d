/** Where something lies in the window, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Beside which of some boxes something comes, and on which side of it. */
export interface Drop {
  readonly near: number;
  readonly after: boolean;
}

/** Where among boxes something comes when it is let go of at a point: at the nearest, on the side of the nearer half. */
export function dropAt(boxes: readonly Box[], x: number, y: number): Drop | null {
  let drop: Drop | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [near, { left, top, right, bottom }] of boxes.entries()) {
    const beside = Math.max(left - x, 0, x - right);
    const above = Math.max(top - y, 0, y - bottom);
    const distance = beside ** 2 + above ** 2;
    if (distance >= least) continue;
    least = distance;
    drop = { near, after: x >= (left + right) / 2 };
  }
  return drop;
}

/** The place of what was at `from`, once it is where it came. */
export function placeAfter(from: number, { near, after }: Drop): number {
  const place = after ? near + 1 : near;
  return place > from ? place - 1 : place;
}
