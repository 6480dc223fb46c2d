import { expect, it } from 'vitest';
import type { ReadFault } from './collector.ts';
import { FaultBook } from './fault-book.ts';

const gone: ReadFault = { fields: ['load1'], reason: '/proc/loadavg does not exist' };
const never: ReadFault = { fields: ['steal'], reason: 'this system does not tell', permanent: true };
const whole: ReadFault = { fields: [], reason: 'no /proc' };
const said = ({ fields, reason }: ReadFault, since: number) => ({
  metric: 'cpu',
  fields,
  reason,
  since,
  cleared: false,
});

it('says a fault once when it begins and once when it ends', () => {
  const book = new FaultBook();
  expect(book.update('cpu', [gone], 1)).toEqual([said(gone, 1)]);
  expect(book.update('cpu', [{ ...gone, reason: 'another' }], 2)).toEqual([]);
  expect(book.reasonOf('cpu')).toBe('load1: /proc/loadavg does not exist');
  expect(book.update('cpu', [], 3)).toEqual([{ ...said(gone, 1), cleared: true }]);
  expect(book.reasonOf('cpu')).toBeNull();
});

it('says what is never told once, and does not hold it against the health of the metric', () => {
  const book = new FaultBook();
  expect(book.update('cpu', [never, gone], 1)).toEqual([said(never, 1), said(gone, 1)]);
  expect(book.reasonOf('cpu')).toBe('load1: /proc/loadavg does not exist');
  expect(book.update('cpu', [never], 2)).toEqual([{ ...said(gone, 1), cleared: true }]);
  expect(book.reasonOf('cpu')).toBeNull();
});

it('does not take a look that failed for the end of what is never told', () => {
  const book = new FaultBook();
  book.update('cpu', [never], 1);
  expect(book.update('cpu', [whole], 2)).toEqual([said(whole, 2)]);
  expect(book.reasonOf('cpu')).toBe('no /proc');
  expect(book.update('cpu', [never], 3)).toEqual([{ ...said(whole, 2), cleared: true }]);
});

it('keeps metrics apart', () => {
  const book = new FaultBook();
  book.update('cpu', [gone], 1);
  expect(book.reasonOf('memory')).toBeNull();
  expect(book.update('memory', [], 2)).toEqual([]);
});
