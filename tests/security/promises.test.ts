import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filledSecurity, PROMISES, SECURITY_PAGE, testsOf } from '../support/promises.ts';

describe('SECURITY.md', () => {
  it('has a test for every promise', () => {
    const tests = testsOf();
    expect(Object.keys(PROMISES).filter((name) => tests.get(name)?.length === 0)).toEqual([]);
  });

  // After a change: npx vitest run --project security promises --update
  it('names for each promise where it is tried', async () => {
    await expect(filledSecurity(readFileSync(SECURITY_PAGE, 'utf8'))).toMatchFileSnapshot(SECURITY_PAGE);
  });
});
