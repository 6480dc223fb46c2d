import type { ReactiveController } from 'lit';
import { pageWindow } from '../../client/index.ts';
import type { SourceHost } from './source-controller.ts';

/** Asks an element to update, once for each frame, when the instant moves that all charts of the page mark. */
export class CursorController implements ReactiveController {
  readonly #update: () => void;
  #end: (() => void) | null = null;

  constructor(host: SourceHost, update: () => void) {
    this.#update = update;
    host.addController(this);
  }

  hostConnected(): void {
    this.#end = pageWindow.onPoint(this.#update);
  }

  hostDisconnected(): void {
    this.#end?.();
    this.#end = null;
  }
}
