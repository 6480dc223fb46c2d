import { EXIT, ExitError } from '../errors.ts';
import type { RecordingWorld } from './world.ts';

/** A server that does not answer within this is as good as none. */
const TIMEOUT_MS = 30_000;
/** Answers that another attempt will not change. */
const FINAL_STATUS = new Set([400, 401, 403, 404, 405, 406, 421]);

export const noServer = (base: string) =>
  new ExitError(
    EXIT.unavailable,
    `no server answers at ${base}: start one with telltale, or say where it is with --url`,
  );

/** The server answered that it will not do what it was asked. */
export class Declined extends ExitError {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(EXIT.unavailable, `the server declined: ${detail}`);
    this.status = status;
  }
}

/** Its error as the server words it; text from elsewhere must not become a second line of ours. */
export async function declined(response: Response): Promise<Declined | Error> {
  const body = (await response.json().catch(() => null)) as { detail?: unknown } | null;
  const detail = typeof body?.detail === 'string' ? body.detail : `status ${response.status}`;
  const line = detail.replace(/\s+/g, ' ').slice(0, 500);
  return FINAL_STATUS.has(response.status) ? new Declined(response.status, line) : new Error(line);
}

/** One answer as JSON. Throws an {@link ExitError} that says what to do. */
export async function ask<T>(base: string, path: string, { fetch, clock, stopped }: RecordingWorld): Promise<T> {
  const late = new AbortController();
  const cancel = clock.after(TIMEOUT_MS, () => late.abort());
  try {
    const signal = AbortSignal.any([stopped, late.signal]);
    const response = await fetch(`${base}${path}`, { headers: { accept: 'application/json' }, signal });
    if (!response.ok) throw await declined(response);
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof ExitError) throw error;
    throw stopped.aborted ? new ExitError(EXIT.ok, 'stopped before the end') : noServer(base);
  } finally {
    cancel();
  }
}
