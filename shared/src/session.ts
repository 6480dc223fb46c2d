import type { MetricName } from './metrics/registry.ts';

/** Somebody who reads the stream now. */
export interface Connected {
  readonly name: string | null;
  readonly scope: 'admin' | 'read' | 'embed' | 'none';
  readonly via: SessionInfo['via'];
  readonly address: string;
  /** Epoch ms. */
  readonly since: number;
  readonly metrics: readonly MetricName[];
}

/** `GET /api/session`: who asks, and how the server is open. */
export interface SessionInfo {
  /**
   * `open`: whoever is on this machine may read. `insecure`: so may everybody who can reach it. `tokens`: nobody may who
   * shows nothing.
   */
  readonly access: 'open' | 'insecure' | 'tokens';
  /** Whether nobody between can read along: TLS, or this machine alone. */
  readonly encrypted: boolean;
  readonly via: 'nothing' | 'token' | 'session' | 'ticket' | 'frame' | 'proxy';
  readonly name: string | null;
  /** `none`: a token is needed. */
  readonly scope: 'admin' | 'read' | 'embed' | 'none';
  /** What it may read; `null` for everything. */
  readonly metrics: readonly MetricName[] | null;
  /** Who reads the stream, for an admin. */
  readonly connected?: readonly Connected[];
}
