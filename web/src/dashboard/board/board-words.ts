import type { MenuItem } from '../panels/menu-button.ts';
import { type Board, type BoardPanel, MAX_HEIGHT, MAX_WIDTH, movePanel, removePanel, resizePanel } from './board.ts';

/** A change of one panel, and what is said of it. */
export interface Change {
  readonly change: (board: Board) => Board | Error;
  /** Where the panel is afterwards, or what comes in its place. */
  readonly to: number;
  /** Said when it is done: of the panel as it is then. */
  readonly words: (name: string, panel: BoardPanel, to: number, count: number) => string;
}

export const moved: Change['words'] = (name, _, to, count) => `${name} is now ${to + 1} of ${count}`;
const resized: Change['words'] = (name, { width, height }) =>
  `${name} is now ${width} of ${MAX_WIDTH} columns wide and ${height === 1 ? '1 row' : `${height} rows`} tall`;
export const removed: Change['words'] = (name) => `${name} is taken off the board. Undo brings it back`;

/** What the menu of a panel offers; what would change nothing says why. */
export function arrangeItems(
  { width, height }: BoardPanel,
  index: number,
  count: number,
  make: (change: Change) => void,
): MenuItem[] {
  const move = (title: string, to: number, not: string | null): MenuItem => ({
    title,
    not,
    run: () => make({ change: (board) => movePanel(board, index, to), to, words: moved }),
  });
  const resize = (title: string, wider: number, taller: number, not: string | null): MenuItem => ({
    title,
    not,
    run: () => make({ change: (board) => resizePanel(board, index, wider, taller), to: index, words: resized }),
  });
  return [
    move('Earlier', index - 1, index === 0 ? 'It is the first' : null),
    move('Later', index + 1, index === count - 1 ? 'It is the last' : null),
    resize('Wider', 1, 0, width === MAX_WIDTH ? 'It is as wide as the board' : null),
    resize('Narrower', -1, 0, width === 1 ? 'It is one column wide' : null),
    resize('Taller', 0, 1, height === MAX_HEIGHT ? 'It is as tall as panels are' : null),
    resize('Lower', 0, -1, height === 1 ? 'It is one row tall' : null),
    {
      title: 'Remove',
      run: () => make({ change: (board) => removePanel(board, index), to: index, words: removed }),
    },
  ];
}
