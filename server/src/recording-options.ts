import { isMetricName, METRIC_NAMES, type MetricName, parseDuration } from '@telltale/shared';
import { parseMoment } from './history/time.ts';
import type { Moment } from './recording/export-history.ts';
import type { Position } from './recording/player.ts';

// How the options of `export` and `play` are read; an `Error` says what would be right.

/** Nothing was said, or what `parse` makes of it. */
export const unlessEmpty =
  <T>(parse: (given: string) => T | Error) =>
  (given: string): T | null | Error =>
    given === '' ? null : parse(given);

export function readMetricNames(given: string): readonly MetricName[] | Error {
  const all = given
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const known = all.filter(isMetricName);
  return known.length === all.length ? known : new Error(`one or more of ${METRIC_NAMES.join(', ')} is needed`);
}

export const readDuration = (given: string): number | Error =>
  parseDuration(given) || new Error('a duration like 90s, 15m or 24h is needed');

export const readMoment = (given: string): Moment | Error =>
  parseMoment(given, 0) === null
    ? new Error('epoch ms, ISO 8601 with a zone, "now", or a time ago like -15m is needed')
    : (now) => parseMoment(given, now) ?? now;

export function readPosition(given: string): Position | Error {
  const offset = parseDuration(given);
  if (offset !== null) return { offset };
  const at = given === 'now' || given.startsWith('-') ? null : parseMoment(given, 0);
  return at === null
    ? new Error(
        'how far into the recording, like 90s or 15m, or a time of it (ISO 8601 with a zone, epoch ms) is needed',
      )
    : { at };
}

export function readSpeed(given: string): number | Error {
  const number = /^\d{1,5}(\.\d{1,3})?$/.test(given) ? Number(given) : 0;
  return number >= 0.1 && number <= 10_000 ? number : new Error('a number from 0.1 to 10000 is needed');
}

/** Where a server is, with its base path and a "/" at the end; an `Error` says what would be right. */
export function readBase(given: string): string | Error {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return new Error(`"${given}" is not the address of a server like http://127.0.0.1:7411`);
  }
  url.search = '';
  url.hash = '';
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
