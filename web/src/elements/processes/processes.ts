import { formatText, type MetricEvents } from '@telltale/shared';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { type Needs, pageWindow } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { CursorController } from '../base/cursor-controller.ts';
import { formatMoment } from '../base/moment.ts';
import { tableStyles } from '../base/table.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import {
  type Arrangement,
  COLUMNS,
  type Column,
  firstOrder,
  type Grouping,
  listed,
  listedText,
  type Order,
  type Row,
  toRows,
} from './process-rows.ts';
import { processesStyles } from './processes.styles.ts';

const MINUTE_MS = 60_000;
/** Groups come and go under ever new names; who opens more than this has forgotten the first. */
const MAX_OPEN = 64;
/** Values of a machine that goes on are renewed after one pace; those older than this are of when somebody last looked. */
const OLD_PACES = 3;
const DEFAULT_ROWS = 10;
const NOTABLE_STATES: Readonly<Record<string, string>> = { D: 'waiting for a disk', T: 'stopped', Z: 'ended' };
const UNTOLD = 'not readable: needs the same user or root';
const HEADS: Readonly<Record<Column, readonly [text: string, definition: string]>> = {
  name: ['Process', ''],
  cpu: ['CPU', '100 is one whole processor'],
  memory: ['Memory', 'Resident set (RSS); what is shared counts for each'],
  io: ['I/O', `Read from and written to storage; – is ${UNTOLD}`],
  read: ['Read', `Fetched from storage; – is ${UNTOLD}`],
  write: ['Written', `Made to be sent to storage; – is ${UNTOLD}`],
  user: ['User', 'Whom it runs as'],
  threads: ['Threads', ''],
  pid: ['PID', ''],
};
const IO = ['io', 'read', 'write'] as const;
const GROUPINGS: readonly (readonly [Grouping, string])[] = [
  ['none', 'nothing'],
  ['name', 'name'],
  ['user', 'user'],
];
const SORTS = COLUMNS.map((column) => [column, HEADS[column][0]] as const);

/**
 * The processes that use the processors most, hold most memory, or read and write most; where somebody points at the past of a
 * chart, those of that minute. They are looked at only while this can be seen.
 *
 * @element telltale-processes
 * @attr by - What to sort by: `cpu`, `memory`, `io`, `read`, `write`, `name`, `user`, `threads` or `pid`. Defaults to `cpu`.
 * @attr order - `ascending` or `descending`. Defaults to the most first, and names, users and PIDs from the least on.
 * @attr rows - How many to show, groups counted as one. Defaults to 10.
 * @attr group - Adds up processes of one `name` or `user`. Defaults to `none`.
 * @attr filter - Shows only those with this text in their name, user or PID.
 * @attr filterable - Offers a filter and the grouping in the head, and what to sort by where not all columns have room.
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart controls - The filter, the grouping and what to sort by.
 * @csspart processes - The table.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleProcesses extends TelltaleElement {
  static override styles = [theme, tableStyles, processesStyles];

  /** The row where the keyboard was before an update: it may have moved. */
  #focused: string | null = null;
  @state() private open: ReadonlySet<string> = new Set();

  @property({ reflect: true }) by: Column = 'cpu';
  @property({ reflect: true }) order: Order | null = null;
  @property({ type: Number }) rows = DEFAULT_ROWS;
  @property({ reflect: true }) group: Grouping = 'none';
  @property() filter = '';
  @property({ type: Boolean }) filterable = false;

  constructor() {
    super();
    new CursorController(this, this.data.update);
  }

  override needs(): Needs {
    return { metrics: ['process'], series: [] };
  }

  override render(): TemplateResult {
    const { source } = this.data;
    const now = source?.latest('process') ?? null;
    const past = this.#past;
    const then = past === null ? null : source?.processesAt(past);
    const lists = past === null ? now : (then ?? null);
    const how = this.#arrangement();
    const rows = lists === null ? [] : toRows(listed(lists), how);
    const shown = rows.slice(0, Math.max(1, this.rows || DEFAULT_ROWS));
    const count = shown.reduce((sum, { members }) => sum + Math.max(1, members.length), 0);
    const text = past === null ? (now === null ? '' : listedText(now, count, how)) : minuteText(past, then);
    const body = html`
      <div
        class="scroll ${past === null && this.#isOld(now) ? 'stale' : ''}"
        tabindex="0"
        role="group"
        aria-label="Processes"
      >
        <table part="processes">
          <thead>
            <tr>
              ${COLUMNS.map((column) => this.#head(column, how))}
            </tr>
          </thead>
          <tbody>
            ${shown
              .flatMap((row) => (this.open.has(row.key) ? [row, ...row.members] : [row]))
              .map((row) => this.#row(row, how.by, shown.includes(row)))}
          </tbody>
        </table>
      </div>
      ${
        lists !== null && rows.length === 0 && how.filter.trim() !== ''
          ? html`<p class="empty muted" role="status">None of those listed has “${how.filter.trim()}” in its name, user or PID</p>`
          : ''
      }
    `;
    const aside = html`<span class="muted">${text}</span>${this.filterable ? this.#controls(how) : ''}`;
    return cardTemplate(this.data, 'process', aside, body);
  }

  override willUpdate(): void {
    const list = this.renderRoot?.querySelector<HTMLElement>('.scroll');
    // The few of a minute take the room of the many of now: what is pointed at must not move away.
    if (list) list.style.minHeight = this.#past === null ? '' : list.style.minHeight || `${list.offsetHeight}px`;
    const focused = this.shadowRoot?.activeElement;
    this.#focused = focused instanceof HTMLElement ? (focused.dataset['key'] ?? null) : null;
  }

  override updated(_changed: PropertyValues<this>): void {
    const key = this.#focused;
    if (key === null) return;
    const button = this.shadowRoot?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (button && this.shadowRoot?.activeElement !== button) button.focus({ preventScroll: true });
  }

  /** What is shown under the cursor is of that minute; of the one that runs nothing is kept yet. */
  get #past(): number | null {
    const { cursor } = pageWindow;
    return cursor !== null && (this.data.source?.now ?? 0) - cursor > MINUTE_MS ? cursor : null;
  }

  /** What an attribute does not say right is as if it said nothing. */
  #arrangement(): Arrangement {
    const column = COLUMNS.includes(this.by) ? this.by : 'cpu';
    return {
      by: column,
      order: this.order === 'ascending' || this.order === 'descending' ? this.order : firstOrder(column),
      filter: this.filter ?? '',
      group: GROUPINGS.some(([each]) => each === this.group) ? this.group : 'none',
    };
  }

  /** Whether these values are of before this came into sight. Where nothing comes at all, the card says so. */
  #isOld(event: MetricEvents['process'] | null): boolean {
    const { source, stale } = this.data;
    if (event === null || stale || !source?.now) return false;
    return source.now - event.at > OLD_PACES * source.paceOf('process');
  }

  #sort(column: Column): void {
    const how = this.#arrangement();
    this.order = column === how.by ? (how.order === 'ascending' ? 'descending' : 'ascending') : null;
    this.by = column;
  }

  #toggle(key: string): void {
    const open = new Set(this.open);
    if (!open.delete(key)) open.add(key);
    const [first] = open;
    if (open.size > MAX_OPEN && first !== undefined) open.delete(first);
    this.open = open;
  }

  #controls({ by, group }: Arrangement): TemplateResult {
    return html`<div part="controls" class="controls">
      <input
        type="search"
        aria-label="Filter by name, user or PID"
        placeholder="Name, user or PID"
        maxlength="64"
        autocomplete="off"
        spellcheck="false"
        .value=${this.filter}
        @input=${(event: Event) => {
          this.filter = (event.currentTarget as HTMLInputElement).value;
        }}
      />
      ${choiceTemplate('Group by', GROUPINGS, group, '', (value) => {
        this.group = value as Grouping;
      })}
      ${choiceTemplate('Sort by', SORTS, by, 'narrow', (value) => this.#sort(value as Column))}
    </div>`;
  }

  #head(column: Column, how: Arrangement): TemplateResult {
    const [text, definition] = HEADS[column];
    return html`<th scope="col" class=${widthOf(column, how.by)} aria-sort=${column === how.by ? how.order : 'none'}>
      <button title=${definition} @click=${() => this.#sort(column)}>${text}</button>
    </th>`;
  }

  #row(row: Row, by: Column, top: boolean): TemplateResult {
    const { key, process, members } = row;
    return html`<tr class=${top ? '' : 'member'}>
      <td>
        ${
          process === null
            ? html`<button data-key=${key} aria-expanded=${this.open.has(key) ? 'true' : 'false'} @click=${() => this.#toggle(key)}>
                  <span class="name" title=${row.name}>${row.name}</span></button
                ><span class="muted"> ${members.length === 1 ? '1 process' : `${members.length} processes`}</span>`
            : html`<span class="name" title=${process.arguments ?? row.name}>${row.name}</span>
                <span class="muted">${NOTABLE_STATES[process.state ?? ''] ?? ''}</span>`
        }
      </td>
      <td>${formatText(row.usage, 'percent')}</td>
      <td>${formatText(row.residentBytes, 'bytes')}</td>
      ${IO.map((column) => html`<td class=${widthOf(column, by)}>${formatText(row[column], 'bytesPerSecond')}</td>`)}
      <td class=${widthOf('user', by)}>${row.user ?? '–'}</td>
      <td class=${widthOf('threads', by)}>${formatText(row.threads, 'count')}</td>
      <td class=${widthOf('pid', by)}>${formatText(row.pid, 'id')}</td>
    </tr>`;
  }
}

function choiceTemplate(
  label: string,
  choices: readonly (readonly [value: string, words: string])[],
  chosen: string,
  width: string,
  choose: (value: string) => void,
): TemplateResult {
  return html`<label class=${width}
    >${label}
    <select @change=${(event: Event) => choose((event.currentTarget as HTMLSelectElement).value)}>
      ${choices.map(([value, words]) => html`<option value=${value} .selected=${value === chosen}>${words}</option>`)}
    </select>
  </label>`;
}

/** Where there is no room for all, what is sorted by stays, and of I/O the sum. */
const WIDTHS: Readonly<Partial<Record<Column, string>>> = {
  ...{ io: 'one', read: 'two', write: 'two' },
  ...{ user: 'wide', threads: 'wide', pid: 'wide' },
};
const widthOf = (column: Column, by: Column): string => (column === by ? '' : (WIDTHS[column] ?? ''));

function minuteText(past: number, then: object | null | undefined): string {
  const clock = formatMoment(past, Date.now() - past > 12 * 60 * MINUTE_MS);
  if (then === undefined) return `asking about ${clock}`;
  return then === null ? `none were recorded at ${clock}` : `top five of the minute at ${clock}`;
}
