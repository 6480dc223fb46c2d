import { describe, expect, it } from 'vitest';
import { acceptsGzip, negotiate } from './accept.ts';

const OFFERED = ['application/json', 'text/csv', 'application/x-ndjson'] as const;

it.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV', 'text/csv'],
  ['text/*', 'text/csv'],
  ['text/csv;q=0.5, application/json;q=0.4', 'text/csv'],
  ['text/csv;q=0.5, */*', 'application/json'],
  ['text/csv ; charset=utf-8 ; q=0.9', 'text/csv'],
  ['application/json;q=0, */*;q=0.1', 'text/csv'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
  ['*/*;q=0, text/csv', 'text/csv'],
  ['text/csv;q=0', null],
  ['*/*;q=0', null],
  ['text/html', null],
  ['text/csv;q=2', null],
  ['text/csv;q=-1', null],
  ['text/csv;q=x', null],
  ['text', null],
  [',,,', null],
  [`${'a/b,'.repeat(5_000)}text/csv`, null],
])('answers to Accept %j with %j', (accept, type) => expect(negotiate(accept, OFFERED)).toBe(type));

describe('what a reader accepts', () => {
  it.each([
    ['gzip', true],
    ['gzip, deflate, br, zstd', true],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
    ['GZIP', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip; q=0, *', false],
    ['identity', false],
    ['br', false],
    ['', false],
    [undefined, false],
    ['gzip;q=x', false],
  ])('%j: gzip %j', (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});
