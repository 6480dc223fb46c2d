import { beforeEach, describe, expect, test } from 'vitest';
import { keyOf, type PanelSpec } from '../panels/panel-spec.ts';
import { type Board, parseBoard, toFile } from './board.ts';
import { BoardStore, storageKey } from './board-store.ts';

const KEY = storageKey('http://nas:7411/mon/');
const spec = (series: string): PanelSpec => ({ heading: series, series });
const boardOf = (...series: string[]): Board => series.map((each) => ({ spec: spec(each), width: 2, height: 1 }));
const shown = (store: BoardStore) => store.board.map(({ spec }) => keyOf(spec)).join('');

/** What all tabs of a browser share. */
class Shelf {
  readonly texts = new Map<string, string>();
  full = false;
  getItem = (key: string) => this.texts.get(key) ?? null;
  setItem = (key: string, text: string) => {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.texts.set(key, text);
  };
}

let shelf: Shelf;
const open = () => new BoardStore(KEY, () => shelf);
beforeEach(() => {
  shelf = new Shelf();
});

test('what was pinned is there in the next page, and taken out again', () => {
  const store = open();
  expect(store.toggle(spec('a'))).toBeNull();
  expect(store.toggle(spec('b'))).toBeNull();
  expect(shown(open())).toBe('ab');
  expect(open().has(spec('a'))).toBe(true);
  store.toggle(spec('a'));
  expect(shown(open())).toBe('b');
});

test('the last change is taken back, and made again', () => {
  const store = open();
  expect(store.canUndo).toBe(false);
  store.change(() => boardOf('a', 'b'));
  store.change(() => boardOf());
  store.undo();
  expect(shown(store)).toBe('ab');
  store.undo();
  expect(shown(store)).toBe('');
  expect(shown(open())).toBe('');
});

test('a change that is refused changes nothing and tells nobody', () => {
  const store = open();
  let told = 0;
  store.subscribe(() => told++);
  expect(store.change(() => new Error('no'))).toEqual(new Error('no'));
  expect(store.change((board) => board)).toBeNull();
  expect([told, store.canUndo, shelf.texts.size]).toEqual([0, false, 0]);
});

describe('other tabs', () => {
  test('are followed', () => {
    const [one, other] = [open(), open()];
    let told = 0;
    other.subscribe(() => told++);
    one.toggle(spec('a'));
    other.heard({ key: 'something else', newValue: 'x' });
    expect(told).toBe(0);
    other.heard({ key: KEY, newValue: shelf.getItem(KEY) });
    expect([shown(other), told]).toEqual(['a', 1]);
    other.heard({ key: null, newValue: null });
    expect(shown(other)).toBe('');
  });

  test('lose nothing to a tab that has not heard of them', () => {
    const [one, other] = [open(), open()];
    one.toggle(spec('a'));
    other.toggle(spec('b'));
    expect(shown(open())).toBe('ab');
  });

  test('may write what this one cannot read: what is shown stays, and theirs is set aside', () => {
    const store = open();
    store.toggle(spec('a'));
    const text = '{"telltale":"board","version":2,"panels":[]}';
    shelf.setItem(KEY, text);
    store.heard({ key: KEY, newValue: text });
    expect([shown(store), store.problem]).toEqual(['a', expect.stringContaining('version 2')]);
    store.toggle(spec('b'));
    expect(shelf.getItem(`${KEY} unreadable`)).toBe(text);
    expect([shown(open()), store.problem]).toEqual(['ab', '']);
  });
});

describe('what cannot be kept', () => {
  test('is there as long as the page, says so, and is kept when that is possible again', () => {
    const store = open();
    store.toggle(spec('a'));
    shelf.full = true;
    expect(store.toggle(spec('b'))).toBeNull();
    expect([shown(store), store.problem]).toEqual(['ab', expect.stringContaining('does not keep')]);
    expect(shown(open())).toBe('a');
    shelf.full = false;
    store.toggle(spec('c'));
    expect([shown(open()), store.problem]).toEqual(['abc', '']);
  });

  test('where storage is blocked', () => {
    const blocked = new BoardStore(KEY, () => {
      throw new DOMException('blocked', 'SecurityError');
    });
    expect(blocked.problem).toBe('');
    blocked.toggle(spec('a'));
    expect([shown(blocked), blocked.problem]).toEqual(['a', expect.stringContaining('does not keep')]);
  });

  test.each(['', '{', 'null', '<script>'])('what is damaged is set aside before it is written over: %j', (text) => {
    shelf.setItem(KEY, text);
    const store = open();
    expect(store.problem).toContain('cannot be read');
    store.toggle(spec('a'));
    expect(shelf.getItem(`${KEY} unreadable`)).toBe(text);
    expect(parseBoard(shelf.getItem(KEY) ?? '')).toEqual(store.board);
    expect(store.board).toEqual(boardOf('a'));
  });

  test('what is damaged and cannot be set aside is not written over', () => {
    shelf.setItem(KEY, '{');
    shelf.full = true;
    const store = open();
    store.toggle(spec('a'));
    expect(shelf.getItem(KEY)).toBe('{');
    expect(toFile(store.board)).toContain('"a"');
  });
});
