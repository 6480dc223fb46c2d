import * as v from 'valibot';

/** The version of the stream. It is raised by a change that would break a reader. */
export const PROTOCOL = 1;

export const GAP_REASONS = ['evicted', 'restart', 'slow', 'suspend', 'clock', 'idle', 'unknown'] as const;
export type GapReason = (typeof GAP_REASONS)[number];
const BYE_REASONS = ['shutdown', 'revoked', 'slow', 'rotate'] as const;
export type ByeReason = (typeof BYE_REASONS)[number];

const epochMs = v.number();

/** The events that speak of the stream itself. */
export const controls = {
  hello: v.object({
    protocol: v.number(),
    version: v.string(),
    epoch: v.string(),
    host: v.object({ id: v.nullable(v.string()), name: v.nullable(v.string()) }),
    heartbeatMs: v.number(),
    resumed: v.boolean(),
    /** The pace at which each subscribed metric will come, in ms. */
    metrics: v.record(v.string(), v.number()),
    at: epochMs,
  }),
  heartbeat: v.object({ at: epochMs }),
  gap: v.object({ from: v.nullable(epochMs), to: epochMs, reason: v.picklist(GAP_REASONS) }),
  fault: v.object({
    metric: v.string(),
    /** The fields that are `null` for this reason; empty when it is the whole metric. */
    fields: v.array(v.string()),
    reason: v.string(),
    since: epochMs,
    cleared: v.boolean(),
  }),
  bye: v.object({ reason: v.picklist(BYE_REASONS), retryMs: v.number() }),
};

export type ControlName = keyof typeof controls;
export type ControlEvents = { [C in ControlName]: v.InferOutput<(typeof controls)[C]> };
