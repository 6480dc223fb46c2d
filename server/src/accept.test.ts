import { expect, it } from 'vitest';
import { negotiate } from './accept.ts';

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
