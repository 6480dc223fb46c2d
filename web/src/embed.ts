// The one file for other people's pages: loading it defines every element, and gives programs the stream itself.
import { css, html, LitElement, nothing, svg } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import * as client from './client/index.ts';
import { TelltaleDashboard } from './elements/dashboard/dashboard.ts';
import { defineElements } from './elements/index.ts';

/** Where the dashboard lies below the server's base. */
declare const TELLTALE_DASHBOARD: string;

export { connect } from './client/index.ts';

TelltaleDashboard.load = async () => {
  const { install } = await import(/* @vite-ignore */ `${client.ownBase()}${TELLTALE_DASHBOARD}`);
  install({ client, lit: { css, html, LitElement, nothing, svg }, decorators: { property, query, state } });
};

defineElements();
