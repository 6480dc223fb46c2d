import { describe, expect, it } from 'vitest';
import { DEFAULT_RETENTION, parseRetention } from './retention.ts';

const DAY = 86_400_000;

describe('the rules of retention', () => {
  it('are what they say', () => {
    expect(parseRetention(DEFAULT_RETENTION)).toEqual({
      ageMs: { raw: 30 * DAY, minute: 365 * DAY, hour: 3_650 * DAY },
      bytes: 2 ** 30,
    });
    expect(parseRetention('raw=6h, bytes=50MiB')).toEqual({
      ageMs: { raw: DAY / 4, minute: 365 * DAY, hour: 3_650 * DAY },
      bytes: 50 * 2 ** 20,
    });
  });

  it.each([
    ['raw', 'an age like 30d'],
    ['raw=', 'an age like 30d'],
    ['raw=0d', 'an age like 30d'],
    ['raw=-1d', 'an age like 30d'],
    ['minute=forever', 'an age like 30d'],
    ['bytes=1kB', 'a size of 1MiB or more'],
    ['bytes=10', 'a size of 1MiB or more'],
    ['bytes=0GiB', 'a size of 1MiB or more'],
    ['day=1y', 'is not one of raw=AGE'],
    ['30d', 'is not one of raw=AGE'],
    ['__proto__=1d', 'is not one of raw=AGE'],
  ])('"%s" is refused with what would be right', (text, message) => {
    expect((parseRetention(text) as Error).message).toContain(message);
  });
});
