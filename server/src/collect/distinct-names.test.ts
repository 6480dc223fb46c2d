import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctNames } from './distinct-names.ts';

const named = (...things: [string, string | null][]) => distinctNames(things.map(([name, place]) => ({ name, place })));

describe('distinctNames', () => {
  it('leaves a name alone that nothing else has', () => {
    expect(named(['nvme', 'nvme0'], ['coretemp', 'coretemp.0'])).toEqual(['nvme', 'coretemp']);
  });

  it('adds the place to each of those that share a name', () => {
    expect(named(['amdgpu', '0000:03:00.0'], ['k10temp', null], ['amdgpu', '0000:0c:00.0'])).toEqual([
      'amdgpu 0000:03:00.0',
      'k10temp',
      'amdgpu 0000:0c:00.0',
    ]);
  });

  it('takes a place alone that begins with the name', () => {
    expect(named(['nvme', 'nvme0'], ['nvme', 'nvme1'])).toEqual(['nvme0', 'nvme1']);
  });

  it('counts where no place is known, or it is the same', () => {
    expect(named(['fan', null], ['fan', null], ['fan', null])).toEqual(['fan', 'fan #2', 'fan #3']);
    expect(named(['a', 'x'], ['a', 'x'])).toEqual(['a x', 'a x #2']);
  });

  it('never gives a name twice, whatever things are called', () => {
    const word = fc.constantFrom('', 'a', 'a #2', 'a a', 'a b', '__proto__', 'constructor', 'b');
    const thing = fc.record({ name: word, place: fc.option(word) });
    fc.assert(
      fc.property(fc.array(thing, { maxLength: 30 }), (things) => {
        const names = distinctNames(things);
        expect(names).toHaveLength(things.length);
        expect(new Set(names).size).toBe(things.length);
      }),
    );
  });
});
