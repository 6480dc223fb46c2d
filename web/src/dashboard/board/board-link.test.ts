import { expect, test } from 'vitest';
import type { Board } from './board.ts';
import { boardIn, linkTo, withoutBoard } from './board-link.ts';

const board: Board = [{ spec: { heading: 'Größe & Last', series: 'cpu.load1' }, width: 4, height: 2 }];

test.each([
  ['http://nas:7411/', /^http:\/\/nas:7411\/#board=[\w-]+$/],
  ['http://nas:7411/mon/?x=1#last=1h', /^http:\/\/nas:7411\/mon\/\?x=1#last=1h&board=[\w-]+$/],
  ['http://nas:7411/#board=old&last=1h', /^http:\/\/nas:7411\/#last=1h&board=[\w-]+$/],
])('a link from %s leads to the board', (href, expected) => {
  const link = linkTo(board, href) as string;
  expect(link).toMatch(expected);
  expect(boardIn(new URL(link).hash)).toEqual(board);
});

test('an address without a board, and with a damaged one', () => {
  expect(boardIn('')).toBeNull();
  expect(boardIn('#last=1h')).toBeNull();
  expect(boardIn('#board=%3Cb%3E')).toEqual(new Error('This link to a board is damaged'));
  expect(withoutBoard('#last=1h&board=x&board')).toBe('last=1h');
});
