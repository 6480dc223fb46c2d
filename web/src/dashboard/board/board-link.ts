import { type Board, fromAddress, toAddress } from './board.ts';

/** The board that an address carries after its `#`: `null` where it carries none. */
export function boardIn(hash: string): Board | Error | null {
  const address = new URLSearchParams(hash.replace(/^#/, '')).get('board');
  return address === null ? null : fromAddress(address);
}

/** The address of a page with a board, which shows it to whoever opens it. What else stood after the `#` stays. */
export function linkTo(board: Board, href: string): string | Error {
  const address = toAddress(board);
  if (address instanceof Error) return address;
  const [page = '', hash = ''] = href.split('#', 2);
  return `${page}#${[withoutBoard(hash), `board=${address}`].filter(Boolean).join('&')}`;
}

/** What stands after the `#` without the board. */
export const withoutBoard = (hash: string): string =>
  hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part !== 'board' && !part.startsWith('board='))
    .join('&');
