import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromAttribute, toAttribute } from '../attribute-text.ts';
import { embedSnippets } from './embed-snippets.ts';
import { keyOf, markupOf } from './panel-spec.ts';

const HOSTILE = '"><img src=x onerror=alert(1)> & co';

describe('a panel as markup', () => {
  test.each([
    [{ heading: 'CPU', element: 'cpu' }, 'telltale-cpu'],
    [
      { heading: 'Load', series: 'cpu.load1', stacked: true, max: 4 },
      'telltale-chart heading="Load" series="cpu.load1" stacked max="4"',
    ],
  ] as const)('%j', (spec, markup) => {
    expect(markupOf(spec)).toBe(markup);
  });

  test('whatever it is called, it is one tag', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (heading, series) => {
        const markup = markupOf({ heading, series });
        const [, one = '', other = ''] = /^telltale-chart heading="([^"<>]*)" series="([^"<>]*)"$/.exec(markup) ?? [];
        expect([fromAttribute(one), fromAttribute(other)]).toEqual([heading, series]);
      }),
    );
  });

  test('a frame is asked for by the name, and not by how that is written', () => {
    const { frame, script } = embedSnippets(
      markupOf({ heading: HOSTILE, series: 'cpu.load1' }),
      'http://nas:7411/',
      null,
    );
    const [, search = ''] = /\?([^"]*)"/.exec(frame) ?? [];
    expect(new URLSearchParams(fromAttribute(search)).get('heading')).toBe(HOSTILE);
    expect(`${frame}${script}`).not.toContain('<img');
  });
});

test('text is the same after it was an attribute', () => {
  fc.assert(fc.property(fc.string(), (text) => fromAttribute(toAttribute(text)) === text));
});

test('two panels are the same when they show the same', () => {
  expect(keyOf({ heading: 'a', series: 'cpu.load1' })).toBe(keyOf({ heading: 'b', series: 'cpu.load1', max: 3 }));
  expect(keyOf({ heading: 'a', series: 'cpu.load1' })).not.toBe(
    keyOf({ heading: 'a', series: 'cpu.load1', stacked: true }),
  );
});
