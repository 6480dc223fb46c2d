// What is done by hand on the dashboard: commands, keys, the board, menus of panels.
import { define } from '../elements/base/define.ts';
import { TelltaleBoard } from './board/board-view.ts';
import { TelltaleCommandPalette } from './commands/command-palette.ts';
import { TelltaleKeyHelp } from './commands/key-help.ts';
import { TelltaleMenuButton } from './panels/menu-button.ts';
import { TelltalePanelMenu } from './panels/panel-menu.ts';

const elements = {
  'telltale-menu-button': TelltaleMenuButton,
  'telltale-panel-menu': TelltalePanelMenu,
  'telltale-board': TelltaleBoard,
  'telltale-command-palette': TelltaleCommandPalette,
  'telltale-key-help': TelltaleKeyHelp,
};

export function defineHands(): void {
  for (const [tag, element] of Object.entries(elements)) define(tag, element);
}

declare global {
  interface HTMLElementTagNameMap {
    'telltale-menu-button': TelltaleMenuButton;
    'telltale-panel-menu': TelltalePanelMenu;
    'telltale-board': TelltaleBoard;
    'telltale-command-palette': TelltaleCommandPalette;
    'telltale-key-help': TelltaleKeyHelp;
  }
}
