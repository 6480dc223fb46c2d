import { describe, expect, it } from 'vitest';
import { ACCESS, accessOf } from './access.ts';

describe('S25: access rows', () => {
  it('let nobody have data without credentials', () => {
    const without = [...ACCESS].filter(
      ([path, { credentials }]) => path.startsWith('api/') && credentials !== 'needed',
    );
    // It tells who asks what that one may.
    expect(without.map(([path]) => path)).toEqual(['api/session']);
  });

  it('let pages of other origins load what holds no data alone', () => {
    const foreign = [...ACCESS].filter(([, row]) => row.foreign).map(([path]) => path);
    expect(foreign.filter((path) => path.startsWith('api/') || path === 'healthz')).toEqual([]);
  });

  it.each(['api/anything', 'secrets.txt', 'api/', 'other/file.js'])(
    'a route at %s has none, and is not served',
    (path) => {
      expect(() => accessOf(path)).toThrow('has no access row');
    },
  );

  it.each(['assets/index-1a2b.js', 'embed/0123456789abcdef.js', 'sign-in', ''])(
    'what was built has one: "%s"',
    (path) => {
      expect(accessOf(path).methods).toEqual(['GET']);
    },
  );
});
