const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/**
 * How long to wait before attempt number `attempt` (0 is the first). Full jitter: anywhere up to a bound that doubles,
 * so that the readers of a server that came back do not arrive together. `firstMs` is the server's `retry`, if it said.
 */
export function backoffMs(attempt: number, random: number, firstMs = FIRST_MS): number {
  return Math.round(random * Math.min(MOST_MS, Math.max(1, firstMs) * 2 ** Math.min(attempt, 10)));
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3), or `null`; dates are not used by this server. */
export function retryAfterMs(header: string | null): number | null {
  return header !== null && /^\d{1,5}$/.test(header) ? Math.min(Number(header) * 1000, 10 * MOST_MS) : null;
}
