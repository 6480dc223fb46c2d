/** Rounds half away from zero to `digits` decimals. Values are rounded once, where they are made. */
export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/**
 * The rate of a counter per second between two readings, or `null` when one is missing or the counter went back
 * (a reset: guessing a wrap would invent a spike).
 */
export function perSecond(
  now: number | null | undefined,
  before: number | null | undefined,
  elapsedMs: number | null,
  digits = 0,
): number | null {
  if (now == null || before == null || elapsedMs === null || elapsedMs <= 0 || now < before) return null;
  return round(((now - before) * 1000) / elapsedMs, digits);
}

/**
 * The same for happenings rather than bytes, to three digits or so: a few errors a minute must not round to none, and of
 * thousands of packets no fraction means anything.
 */
export function happeningsPerSecond(
  now: number | null | undefined,
  before: number | null | undefined,
  elapsedMs: number | null,
): number | null {
  const exact = perSecond(now, before, elapsedMs, 6);
  return exact === null ? null : round(exact, exact < 10 ? 2 : exact < 100 ? 1 : 0);
}

/** Adds numbers; `null` when there is none or any is `null`, since a sum with a hole would be a wrong number. */
export function sum(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null;
  let total = 0;
  for (const value of values) {
    if (value === null) return null;
    total += value;
  }
  return total;
}
