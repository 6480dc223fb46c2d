import type { Events } from './events.ts';
import type { NumberMeta } from './field.ts';
import type { MetricEvents, MetricName } from './metrics/registry.ts';
import type { SessionInfo } from './session.ts';

/** `GET /api/snapshot`: the newest event of each metric, what cannot be read, and the position of the log at that moment. */
export interface Snapshot {
  readonly cursor: string;
  readonly events: Partial<MetricEvents>;
  /** Those that last. A recording that is played in a page leaves them out. */
  readonly faults?: readonly Events['fault'][];
}

/** `GET /api/host`: the machine. What it does not tell is `null`. */
export interface Host {
  readonly id: string | null;
  readonly name: string | null;
  readonly os: {
    readonly name: string | null;
    readonly version: string | null;
    readonly kernel: string | null;
    readonly arch: string | null;
  };
  readonly cpu: { readonly model: string | null; readonly cores: number | null; readonly threads: number | null };
  readonly memory: { readonly totalBytes: number | null };
  /** Epoch ms. */
  readonly bootAt: number | null;
  /** IANA name. */
  readonly timezone: string | null;
  readonly telltale: {
    readonly version: string;
    readonly protocol: number;
    readonly startedAt: number;
    /** Who may read: this machine alone, everybody who reaches it, or whoever shows something. */
    readonly access?: SessionInfo['access'];
    /** Where what is served was recorded earlier: when, and how many times as fast it is played. */
    readonly recording?: { readonly recordedAt: number; readonly speed: number };
  };
}

export interface HistoryColumns {
  readonly avg: (number | null)[];
  readonly min?: (number | null)[];
  readonly max?: (number | null)[];
  readonly last?: (number | null)[];
}

/** `GET /api/history`: a dense grid. `times` are the ends of the steps in epoch ms; all columns have its length. */
export interface History {
  /** Where a stream continues this without a seam; `null` unless the range ends now. */
  readonly cursor: string | null;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly times: number[];
  readonly series: Record<string, HistoryColumns>;
}

export type CatalogField =
  | NumberMeta
  | { readonly title: string; readonly definition: string; readonly unit: 'text' | 'flag' }
  | { readonly title: string; readonly definition: string; readonly instances: Record<string, CatalogField> }
  | { readonly title: string; readonly definition: string; readonly fields: Record<string, CatalogField> };

/** `GET /api/catalog`: every metric with its fields, and the JSON Schema of its event. */
export interface Catalog {
  readonly protocol: number;
  readonly metrics: Record<
    MetricName,
    {
      readonly title: string;
      /** The metric's own pace in ms. */
      readonly interval: number;
      readonly available: boolean;
      readonly fields: Record<string, CatalogField>;
      readonly schema: unknown;
    }
  >;
}
