import { describe, expect, it } from 'vitest';
import { toBase } from './sources.ts';

describe('the base of a server', () => {
  it.each([
    ['./', 'http://nas/telltale/', 'http://nas/telltale/'],
    ['http://nas:7411', 'http://page/', 'http://nas:7411/'],
    ['https://nas/telltale?x=1#y', 'http://page/', 'https://nas/telltale/'],
    ['//other', 'https://page/', 'https://other/'],
  ])('of src=%j on %j is %j', (src, page, base) => {
    expect(toBase(src, page)).toBe(base);
  });

  it.each(['javascript:alert(1)', 'data:text/plain,x', 'http://', 'ftp://nas/'])('refuses %j', (src) => {
    expect(() => toBase(src, 'http://page/')).toThrow(TypeError);
  });
});
