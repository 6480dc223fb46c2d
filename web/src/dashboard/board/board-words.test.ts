import { expect, test } from 'vitest';
import { type Board, type BoardPanel, nameOf } from './board.ts';
import { arrangeItems } from './board-words.ts';

const panel = (series: string, width: 1 | 2 | 3 | 4 = 2, height: 1 | 2 = 1): BoardPanel => ({
  spec: { heading: series, series },
  width,
  height,
});
const board: Board = [panel('a'), panel('b'), panel('c', 4, 2), panel('d', 1)];

/** What is left when an item of the menu of a panel is chosen, and what is said; the reason where it cannot be. */
function choose(title: string, index: number): string {
  let answer = '';
  const items = arrangeItems(board[index] as BoardPanel, index, board.length, ({ change, to, words }) => {
    const after = change(board) as Board;
    answer = `${after.map(nameOf).join('')}: ${words(nameOf(board[index] as BoardPanel), after[to] as BoardPanel, to, after.length)}`;
  });
  const item = items.find((each) => each.title === title);
  if (!item?.not) item?.run();
  return item?.not ?? answer;
}

test.each([
  ['Earlier', 1, 'bacd: b is now 1 of 4'],
  ['Later', 1, 'acbd: b is now 3 of 4'],
  ['Wider', 1, 'abcd: b is now 3 of 4 columns wide and 1 row tall'],
  ['Narrower', 1, 'abcd: b is now 1 of 4 columns wide and 1 row tall'],
  ['Taller', 1, 'abcd: b is now 2 of 4 columns wide and 2 rows tall'],
  ['Lower', 2, 'abcd: c is now 4 of 4 columns wide and 1 row tall'],
  ['Remove', 1, 'acd: b is taken off the board. Undo brings it back'],
  ['Earlier', 0, 'It is the first'],
  ['Later', 3, 'It is the last'],
  ['Wider', 2, 'It is as wide as the board'],
  ['Narrower', 3, 'It is one column wide'],
  ['Taller', 2, 'It is as tall as panels are'],
  ['Lower', 0, 'It is one row tall'],
])('%s, of panel %i', (title, index, expected) => {
  expect(choose(title, index)).toBe(expected);
});
