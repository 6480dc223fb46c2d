import type { Clock } from '@telltale/shared';
import { isLive, pagePreferences, pageWindow } from '../../client/index.ts';
import { isChart, keyOf, type PanelSpec } from '../panels/panel-spec.ts';
import { SECTIONS, type Section } from '../panels/sections.ts';
import type { View } from '../view.ts';
import type { Command } from './commands.ts';

/** What commands are done to. */
export interface Deck {
  readonly view: View;
  /** The server's time, epoch ms. */
  readonly now: () => number;
  /** Brings a panel of what is looked at into sight. */
  readonly reveal: (panel: PanelSpec) => void;
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RANGES: readonly (readonly [title: string, lastMs: number, keys: string])[] = [
  ['15 minutes', 15 * MINUTE, '1'],
  ['hour', HOUR, '2'],
  ['6 hours', 6 * HOUR, '3'],
  ['24 hours', 24 * HOUR, '4'],
  ['7 days', 168 * HOUR, '5'],
  ['30 days', 720 * HOUR, '6'],
];
const SECTION_KEYS: Readonly<Record<string, string>> = {
  cpu: 'g c',
  memory: 'g m',
  disk: 'g d',
  filesystem: 'g f',
  network: 'g n',
  sensors: 'g s',
  gpu: 'g g',
  processes: 'g p',
  telltale: 'g t',
};

function timeCommands(now: () => number): Command[] {
  const group = 'Time';
  return [
    {
      ...{ id: 'pause', title: isLive(pageWindow.span) ? 'Pause' : 'Go on live', group, keys: 'p' },
      run: () => (isLive(pageWindow.span) ? pageWindow.pause(now()) : pageWindow.resume()),
    },
    { id: 'earlier', title: 'Earlier', group, keys: '[', run: () => pageWindow.move(-0.5, now()) },
    { id: 'later', title: 'Later', group, keys: ']', run: () => pageWindow.move(0.5, now()) },
    { id: 'in', title: 'Zoom in', group, keys: '+', run: () => pageWindow.scale(0.5, now()) },
    { id: 'out', title: 'Zoom out', group, keys: '-', run: () => pageWindow.scale(2, now()) },
    {
      ...{ id: 'compare', title: 'Compare with the period before', group, keys: 'c' },
      run: () => pageWindow.compare(!pageWindow.comparing),
    },
    { id: 'reset', title: 'Back to what was chosen', group, keys: '0', run: () => pageWindow.reset() },
    ...RANGES.map(([title, lastMs, keys]) => ({
      ...{ id: `last-${lastMs}`, title: `Show the last ${title}`, group, keys },
      run: () => pageWindow.show({ lastMs }),
    })),
  ];
}

function unitCommands(): Command[] {
  const group = 'Units';
  const { clock, rates } = pagePreferences.choices;
  const turn = (some: Partial<Clock>) => pagePreferences.choose({ clock: { ...clock, ...some } });
  return [
    {
      ...{ id: 'utc', title: clock.utc ? 'Times of this device' : 'Times in UTC', group, keys: 'u' },
      run: () => turn({ utc: !clock.utc }),
    },
    { id: 'h12', title: '12 hours', group, run: () => turn({ hours: 12 }) },
    { id: 'h24', title: '24 hours', group, run: () => turn({ hours: 24 }) },
    {
      ...{ id: 'bits', title: rates === 'bits' ? 'Network in bytes' : 'Network in bits', group, keys: 'b' },
      run: () => pagePreferences.choose({ rates: rates === 'bits' ? 'bytes' : 'bits' }),
    },
  ];
}

/** Every chart, by its name and by the names of what it draws. */
function chartCommands(section: Section, { view, reveal }: Deck): Command[] {
  return section.panels.map((panel) => ({
    id: `${section.id} ${keyOf(panel)}`,
    title: panel.heading,
    group: section.title,
    detail: isChart(panel) ? panel.series : panel.element,
    run: () => {
      view.show({ section: section.id, board: null });
      reveal(panel);
    },
  }));
}

/** All that can be done on the dashboard; asked anew whenever it is shown, since some depend on what is. */
export function commandsOf(deck: Deck): Command[] {
  const { view, now } = deck;
  const go = (section: string) => () => view.show({ section, board: null });
  const group = 'Go to';
  return [
    { id: 'palette', title: 'Find a command', group: 'Page', keys: 'Mod+k', run: deck.openPalette },
    { id: 'help', title: 'Keys', group: 'Page', keys: '?', run: deck.openHelp },
    {
      ...{ id: 'keys', title: pagePreferences.choices.keys ? 'Single keys off' : 'Single keys on', group: 'Page' },
      run: () => pagePreferences.choose({ keys: !pagePreferences.choices.keys }),
    },
    { id: 'overview', title: 'Overview', group, keys: 'g o', run: go('') },
    ...SECTIONS.map(({ id, title }) => {
      const keys = SECTION_KEYS[id];
      return { id: `go-${id}`, title, group, ...(keys === undefined ? {} : { keys }), run: go(id) };
    }),
    { id: 'board', title: 'My board', group, keys: 'g b', run: go('board') },
    ...timeCommands(now),
    ...unitCommands(),
    {
      ...{
        id: 'kiosk',
        title: view.state.kiosk ? 'Leave the kiosk' : 'Kiosk: fill the screen',
        group: 'Page',
        keys: 'f',
      },
      run: () => view.show({ kiosk: !view.state.kiosk }),
    },
    { id: 'print', title: 'Print', group: 'Page', run: () => print() },
    ...SECTIONS.flatMap((section) => chartCommands(section, deck)),
  ];
}
