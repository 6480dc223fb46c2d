import { type GapReason, isMetricName } from '@telltale/shared';

/** What one tick saw, as it was sent: the name of each event, a metric or `gap`, and its JSON. */
export type Tick = readonly (readonly [name: string, json: string])[];

/** What of an event is remembered. Times are epoch ms. */
export type Remembered =
  | { readonly kind: 'metric'; readonly at: number; readonly event: object }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly reason: GapReason };

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Reads an event as it is remembered; `null` for what is none, which is of no use and does no harm. */
export function readEvent(name: string, json: string): Remembered | null {
  let event: Record<string, unknown> | null;
  try {
    event = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof event !== 'object' || event === null) return null;
  if (name === 'gap') {
    const { to, from = to, reason } = event;
    if (!isMoment(to)) return null;
    return { kind: 'gap', from: isMoment(from) ? from : to, to, reason: reason as GapReason };
  }
  const { at } = event;
  return isMetricName(name) && isMoment(at) ? { kind: 'metric', at, event } : null;
}
