import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';

describe('admission', () => {
  it('gives places up to each limit and says which one is reached', () => {
    const admission = new Admission({ total: 3, perAddress: 2 });
    const leave = admission.enter('a');
    admission.enter('a');
    expect(admission.enter('a')).toContain('--max-subscribers-per-address');
    admission.enter('b');
    expect(admission.enter('c')).toContain('all 3 places are taken (--max-subscribers)');
    expect(leave).toBeTypeOf('function');
    (leave as () => void)();
    expect(admission.enter('c')).toBeTypeOf('function');
  });

  it('takes a place back once, however often it is given', () => {
    const admission = new Admission({ total: 1, perAddress: 1 });
    const leave = admission.enter('a') as () => void;
    leave();
    leave();
    expect(admission.enter('a')).toBeTypeOf('function');
    expect(admission.enter('b')).toBeTypeOf('string');
  });

  it('never lets in more than the limits and never forgets a place, in any order of coming and going', () => {
    const step = fc.record({ address: fc.constantFrom('a', 'b', '__proto__'), leave: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const admission = new Admission({ total: 4, perAddress: 2 });
        const inside: { address: string; leave: () => void }[] = [];
        for (const { address, leave } of steps) {
          if (leave) inside.shift()?.leave();
          else {
            const here = inside.filter((each) => each.address === address).length;
            const entered = admission.enter(address);
            expect(typeof entered === 'function').toBe(inside.length < 4 && here < 2);
            if (typeof entered === 'function') inside.push({ address, leave: entered });
          }
        }
      }),
    );
  });
});
