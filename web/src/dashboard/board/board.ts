import { isChart, keyOf, PANEL_ELEMENTS, type PanelElement, type PanelSpec } from '../panels/panel-spec.ts';

export type PanelWidth = 1 | 2 | 3 | 4;
export type PanelHeight = 1 | 2;

/** A panel, and how many columns and rows of the board it takes. */
export interface BoardPanel {
  readonly spec: PanelSpec;
  readonly width: PanelWidth;
  readonly height: PanelHeight;
}

/** The panels that somebody has chosen, in their order. */
export type Board = readonly BoardPanel[];

export const MAX_PANELS = 24;
export const MAX_WIDTH = 4;
export const MAX_HEIGHT = 2;
export const EMPTY_BOARD: Board = [];

const VERSION = 1;
/** 24 panels with the longest of names are less. */
const MAX_TEXT = 64 * 1024;
const MAX_HEADING = 120;
const MAX_SERIES = 1_000;
/** Longer ones are cut off by chats and mail programs. */
const MAX_ADDRESS = 4_096;

export const indexIn = (board: Board, spec: PanelSpec): number =>
  board.findIndex((panel) => keyOf(panel.spec) === keyOf(spec));

/** With a panel at its end; the same board when it is there already. */
export function addPanel(board: Board, spec: PanelSpec): Board | Error {
  if (indexIn(board, spec) >= 0) return board;
  if (board.length >= MAX_PANELS) return new Error(`A board holds ${MAX_PANELS} panels: remove one first`);
  return [...board, { spec, width: 2, height: 1 }];
}

export const removePanel = (board: Board, index: number): Board => (board[index] ? board.toSpliced(index, 1) : board);

/** With a panel at another place; `to` is where it is afterwards, and no further than the ends. */
export function movePanel(board: Board, index: number, to: number): Board {
  const panel = board[index];
  const place = clamp(to, 0, board.length - 1);
  return !panel || place === index ? board : board.toSpliced(index, 1).toSpliced(place, 0, panel);
}

/** With a panel wider and taller by so much, within what there is. */
export function resizePanel(board: Board, index: number, wider: number, taller: number): Board {
  const panel = board[index];
  if (!panel) return board;
  const width = clamp(panel.width + wider, 1, MAX_WIDTH) as PanelWidth;
  const height = clamp(panel.height + taller, 1, MAX_HEIGHT) as PanelHeight;
  return width === panel.width && height === panel.height ? board : board.with(index, { ...panel, width, height });
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

const toJson = (board: Board, space?: number) =>
  JSON.stringify(
    { telltale: 'board', version: VERSION, panels: board.map(({ spec, ...size }) => ({ ...spec, ...size })) },
    null,
    space,
  );

/** As it is kept, and as a file. */
export const toFile = (board: Board): string => `${toJson(board, 2)}\n`;

/** As a part of a link: letters, digits, `-` and `_`. */
export function toAddress(board: Board): string | Error {
  const bytes = new TextEncoder().encode(toJson(board));
  const text = btoa(String.fromCharCode(...bytes));
  const address = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return address.length <= MAX_ADDRESS ? address : new Error('This board is too long for a link: save it as a file');
}

export function fromAddress(address: string): Board | Error {
  if (address.length > MAX_ADDRESS || !/^[\w-]*$/.test(address)) return new Error('This link to a board is damaged');
  try {
    const bytes = Uint8Array.from(atob(address.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    return parseBoard(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return new Error('This link to a board is damaged');
  }
}

/** Reads what {@link toFile} wrote, or anything else; an `Error` says what is wrong and is fit for a user. */
export function parseBoard(text: string): Board | Error {
  if (text.length > MAX_TEXT) return new Error('This is no board: it is too long');
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return new Error('This is no board: it is not JSON');
  }
  if (!isRecord(read) || read['telltale'] !== 'board') return new Error('This is no board of Telltale');
  const { version, panels } = read;
  if (version !== VERSION) {
    const other = typeof version === 'number' ? `version ${version}` : 'no version that is known';
    return new Error(`This board is of ${other}, and this Telltale reads version ${VERSION}`);
  }
  if (!Array.isArray(panels)) return new Error('This board has no list of panels');
  if (panels.length > MAX_PANELS) return new Error(`This board has ${panels.length} panels, of ${MAX_PANELS} at most`);
  const board: BoardPanel[] = [];
  for (const [i, each] of panels.entries()) {
    const panel = readPanel(each);
    if (typeof panel === 'string') return new Error(`Panel ${i + 1} of this board ${panel}`);
    // Twice the same has no place: a panel is found by what it shows.
    if (indexIn(board, panel.spec) < 0) board.push(panel);
  }
  return board;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text as it may be shown in one line, or `null`. */
function readText(value: unknown, most: number): string | null {
  // Control characters, and those that turn the direction of what is around them.
  const hostile = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
  return typeof value === 'string' && value.length <= most && !hostile.test(value) ? value : null;
}

function readPanel(value: unknown): BoardPanel | string {
  if (!isRecord(value)) return 'is none';
  const width = [1, 2, 3, 4].find((each) => each === value['width']);
  const height = [1, 2].find((each) => each === value['height']);
  if (!width || !height) return `needs a width of 1 to ${MAX_WIDTH} and a height of 1 or ${MAX_HEIGHT}`;
  const spec = readSpec(value);
  return typeof spec === 'string' ? spec : { spec, width: width as PanelWidth, height: height as PanelHeight };
}

function readSpec({ heading, series, stacked, max, element }: Record<string, unknown>): PanelSpec | string {
  const title = readText(heading, MAX_HEADING);
  if (title === null) return `needs a heading of at most ${MAX_HEADING} characters in one line`;
  if (element !== undefined) {
    const known = PANEL_ELEMENTS.find((each): each is PanelElement => each === element);
    return known ? { heading: title, element: known } : `shows none of ${PANEL_ELEMENTS.join(', ')}`;
  }
  // Whether there is such a series is for the chart to say: another version may have others.
  const names = readText(series, MAX_SERIES);
  if (!names) return `needs series, in at most ${MAX_SERIES} characters`;
  if (stacked !== undefined && typeof stacked !== 'boolean') return 'has "stacked" that is neither true nor false';
  if (max !== undefined && !(typeof max === 'number' && Number.isFinite(max) && max > 0)) {
    return 'has a "max" that is not a number above 0';
  }
  return { heading: title, series: names, ...(stacked ? { stacked } : {}), ...(max === undefined ? {} : { max }) };
}

/** What a panel is called, by its heading or else by what it shows. */
export const nameOf = ({ spec }: BoardPanel): string => spec.heading || (isChart(spec) ? spec.series : spec.element);
