import { describe, expect, it } from 'vitest';
import { parsePasswd, UserNames } from './user-names.ts';

describe('parsePasswd', () => {
  it('reads names by number, the first of several', () => {
    const text =
      'root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\nalice:x:1000:1000:Alice,,,:/home/alice:/bin/sh\n';
    expect(parsePasswd(text)).toEqual(
      new Map([
        [0, 'root'],
        [1_000, 'alice'],
      ]),
    );
  });

  it('takes any name for nothing but a name', () => {
    const text = '__proto__:x:1::::\n<b>:x:2::::\nünï:x:3::::\n\u202ex:x:4::::';
    expect([...parsePasswd(text).values()]).toEqual(['__proto__', '<b>', 'ünï', '\u202ex']);
  });

  it.each([
    '',
    '\n\n',
    ':x:5:5:::',
    'bob',
    'bob:x',
    'bob:x:',
    'bob:x:five:5:::',
    'bob:x:-1:5:::',
    'bob:x:1.5:5:::',
    'bob:x: 5:5:::',
    // NIS, nsswitch.conf(5).
    '+::::::',
    '-bob',
    '\0\0\0',
  ])('finds nobody in %j', (text) => expect(parsePasswd(text).size).toBe(0));
});

describe('the names of users', () => {
  const fileOf = (...versions: (string | null)[]) => {
    let reads = 0;
    const names = new UserNames(() => versions[Math.min(reads++, versions.length - 1)] ?? null);
    return { names, reads: () => reads };
  };

  it('are read once for many questions', () => {
    const { names, reads } = fileOf('alice:x:1000:');
    for (let i = 0; i < 500; i++) expect(names.nameOf(1_000)).toBe('alice');
    expect(names.nameOf(7)).toBeNull();
    expect(reads()).toBe(1);
  });

  it('are read again after a while: accounts come, go and are renamed', () => {
    const { names } = fileOf('alice:x:1000:', 'alison:x:1000:\nbob:x:1001:');
    expect(names.nameOf(1_000)).toBe('alice');
    for (let i = 0; i < 1_000; i++) names.nameOf(1_001);
    expect([names.nameOf(1_000), names.nameOf(1_001)]).toEqual(['alison', 'bob']);
  });

  it('are not known where the file cannot be read', () => {
    expect(fileOf(null).names.nameOf(0)).toBeNull();
  });
});
