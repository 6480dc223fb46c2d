import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOf, PANEL_ELEMENTS, type PanelSpec } from '../panels/panel-spec.ts';
import {
  addPanel,
  type Board,
  type BoardPanel,
  EMPTY_BOARD,
  fromAddress,
  indexIn,
  MAX_PANELS,
  movePanel,
  parseBoard,
  removePanel,
  resizePanel,
  toAddress,
  toFile,
} from './board.ts';

const chart = (series: string): PanelSpec => ({ heading: series, series });
const boardOf = (...series: string[]): Board => series.map((each) => ({ spec: chart(each), width: 2, height: 1 }));
const seriesOf = (board: Board) => board.map(({ spec }) => keyOf(spec)).join('');

const line = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((text) => !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(text));
const spec = fc.oneof(
  fc.record({ heading: line, series: line.filter((text) => text !== '') }),
  fc.record({
    heading: line,
    series: fc.constant('cpu.load1'),
    stacked: fc.constant(true),
    max: fc.integer({ min: 1 }),
  }),
  fc.record({ heading: line, element: fc.constantFrom(...PANEL_ELEMENTS) }),
);
const panel: fc.Arbitrary<BoardPanel> = fc.record({
  spec,
  width: fc.constantFrom(1, 2, 3, 4),
  height: fc.constantFrom(1, 2),
});
const board = fc.uniqueArray(panel, { maxLength: MAX_PANELS, selector: (each) => keyOf(each.spec) });

describe('a board', () => {
  test('takes a panel once, at its end', () => {
    const one = addPanel(EMPTY_BOARD, chart('a')) as Board;
    expect(addPanel(one, { ...chart('a'), heading: 'another name' })).toBe(one);
    expect(seriesOf(addPanel(one, chart('b')) as Board)).toBe('ab');
  });

  test('is full at some point', () => {
    const full = boardOf(...Array.from({ length: MAX_PANELS }, (_, i) => `s${i}`));
    expect(addPanel(full, chart('s0'))).toBe(full);
    expect(addPanel(full, chart('more'))).toEqual(new Error('A board holds 24 panels: remove one first'));
  });

  test.each([
    [0, 1, 'bac'],
    [0, 2, 'bca'],
    [2, 0, 'cab'],
    [1, -1, 'bac'],
    [1, 99, 'acb'],
    [7, 0, 'abc'],
  ])('moves panel %i to place %i', (index, to, expected) => {
    expect(seriesOf(movePanel(boardOf('a', 'b', 'c'), index, to))).toBe(expected);
  });

  test('whatever is done to it, it stays one', () => {
    const index = fc.integer({ min: -1, max: 9 });
    const change = fc.oneof(
      spec.map((each) => (before: Board) => addPanel(before, each)),
      index.map((at) => (before: Board) => removePanel(before, at)),
      fc.tuple(index, index).map(
        ([at, to]) =>
          (before: Board) =>
            movePanel(before, at, to),
      ),
      fc.tuple(index, index, index).map(
        ([at, x, y]) =>
          (before: Board) =>
            resizePanel(before, at, x, y),
      ),
    );
    fc.assert(
      fc.property(board, fc.array(change, { maxLength: 12 }), (start, changes) => {
        let now: Board = start;
        for (const each of changes) {
          const next = each(now);
          if (!(next instanceof Error)) now = next;
        }
        expect(parseBoard(toFile(now))).toEqual(now);
        for (const { spec } of now) expect(now.filter((other) => keyOf(other.spec) === keyOf(spec))).toHaveLength(1);
      }),
    );
  });

  test('changes nothing where there is nothing to change', () => {
    const small = boardOf('a');
    expect(removePanel(small, 3)).toBe(small);
    expect(movePanel(small, 0, 5)).toBe(small);
    expect(resizePanel(small, 0, 0, -1)).toBe(small);
    expect(resizePanel(small, 4, 1, 1)).toBe(small);
    expect(indexIn(small, chart('b'))).toBe(-1);
  });
});

describe('from outside', () => {
  test('a link says the same as what it was made of', () => {
    fc.assert(
      fc.property(board, (some) => {
        const address = toAddress(some);
        if (address instanceof Error) return;
        expect(address).toMatch(/^[\w-]{1,4096}$/);
        expect(fromAddress(address)).toEqual(some);
      }),
    );
  });

  test('a link has an end', () => {
    const long = boardOf(...Array.from({ length: 5 }, (_, i) => `${i}`.repeat(900)));
    expect(toAddress(long)).toEqual(new Error('This board is too long for a link: save it as a file'));
  });

  test.each(['', '!', 'AAAA', 'a'.repeat(4_097), '%41', '\u0000', '_____w'])('a damaged link: %j', (address) => {
    expect(fromAddress(address)).toBeInstanceOf(Error);
  });

  const file = (...panels: unknown[]) => JSON.stringify({ telltale: 'board', version: 1, panels });
  const size = { width: 1, height: 1 };
  test.each([
    ['', 'not JSON'],
    ['null', 'no board'],
    ['[]', 'no board'],
    ['{"telltale":"recording"}', 'no board'],
    ['{"telltale":"board"}', 'no version that is known'],
    ['{"telltale":"board","version":"<b>1</b>","panels":[]}', 'no version that is known'],
    ['{"telltale":"board","version":2,"panels":[]}', 'version 2, and this Telltale reads version 1'],
    ['{"telltale":"board","version":1,"panels":{}}', 'no list'],
    [file(...Array.from({ length: 25 }, () => ({}))), '25 panels'],
    [file(null), 'Panel 1'],
    [file({ ...size, heading: 'a', series: 'b' }, { heading: 'a', series: 'b' }), 'Panel 2'],
    [file({ heading: 'a', series: 'b', width: 5, height: 1 }), 'width of 1 to 4'],
    [file({ heading: 'a', series: 'b', width: '1', height: 1 }), 'width of 1 to 4'],
    [file({ ...size, heading: 1, series: 'b' }), 'heading'],
    [file({ ...size, heading: 'x'.repeat(121), series: 'b' }), 'heading'],
    [file({ ...size, heading: 'a\nb', series: 'b' }), 'heading'],
    [file({ ...size, heading: 'a\u202eb', series: 'b' }), 'heading'],
    [file({ ...size, heading: 'a', series: '' }), 'needs series'],
    [file({ ...size, heading: 'a', series: ['b'] }), 'needs series'],
    [file({ ...size, heading: 'a', series: 'b', stacked: 'yes' }), 'stacked'],
    [file({ ...size, heading: 'a', series: 'b', max: -1 }), 'max'],
    [file({ ...size, heading: 'a', element: 'script' }), 'shows none of'],
    [file({ ...size, heading: 'a', element: ['cpu'] }), 'shows none of'],
    [' '.repeat(70_000), 'too long'],
  ])('what is no board is refused with a reason: %j', (text, reason) => {
    const read = parseBoard(text);
    expect(read).toBeInstanceOf(Error);
    expect((read as Error).message).toContain(reason);
  });

  test('what nobody asked for is left out, and what is there twice is taken once', () => {
    const extra = { ...size, heading: '<img src=x>', series: 'cpu.usage', onclick: 'x', stacked: false };
    const text = file(extra, extra).replace('{"heading', '{"__proto__":{"max":1},"heading');
    expect(parseBoard(text)).toEqual([{ ...size, spec: { heading: '<img src=x>', series: 'cpu.usage' } }]);
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((panels) => file(panels)),
        ),
        (text) => {
          parseBoard(text);
          fromAddress(text);
        },
      ),
    );
  });
});
