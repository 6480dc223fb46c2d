/**
 * Splits `total` into parts that add up to exactly `total`. Kernels do not count memory atomically, so the parts may
 * claim more than there is: each takes at most what those before it left.
 */
export function partition(total: number, claims: readonly number[]): { parts: number[]; rest: number } {
  let rest = total;
  const parts = claims.map((claim) => {
    const part = Math.min(Math.max(0, claim), rest);
    rest -= part;
    return part;
  });
  return { parts, rest };
}
