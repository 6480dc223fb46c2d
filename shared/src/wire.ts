/**
 * One block of `text/event-stream` (HTML Living Standard, 9.2.5 and 9.2.6).
 * What would break the framing is refused here, so nothing above needs to think of it.
 */
export interface Block {
  readonly event?: string;
  readonly id?: string;
  /** Any JSON value; written as one line, since JSON escapes every line end. */
  readonly data?: unknown;
  readonly retry?: number;
}

/** A block as it was read: text only, absent fields left out. */
export interface DecodedBlock {
  readonly event?: string;
  readonly id?: string;
  readonly data?: string;
  readonly retry?: number;
}

// CR and LF end a line; a NUL makes readers ignore the whole id (9.2.6).
const BREAKS_FRAMING = /[\r\n\0]/;

function line(field: 'event' | 'id', value: string): string {
  if (BREAKS_FRAMING.test(value)) throw new RangeError(`${field} must not contain CR, LF or NUL`);
  return `${field}: ${value}\n`;
}

/** Writes one block, blank line included. Throws `RangeError` for an event or id that would break the framing. */
export function encodeBlock(block: Block): string {
  let text = '';
  if (block.retry !== undefined) {
    if (!Number.isSafeInteger(block.retry) || block.retry < 0)
      throw new RangeError('retry must be a whole number of ms');
    text += `retry: ${block.retry}\n`;
  }
  if (block.event !== undefined) {
    if (block.event === '') throw new RangeError('event must not be empty: readers would take it for "message"');
    text += line('event', block.event);
  }
  if (block.id !== undefined) text += line('id', block.id);
  if (block.data !== undefined) {
    const json = JSON.stringify(block.data);
    if (json === undefined) throw new RangeError('data must be a JSON value');
    text += `data: ${json}\n`;
  }
  return `${text}\n`;
}

/** Reads the text of one block (its blank line may be missing) by the rules of 9.2.6. */
export function decodeBlock(text: string): DecodedBlock {
  const block: { event?: string; id?: string; data?: string; retry?: number } = {};
  for (const raw of text.split(/\r\n|\r|\n/)) {
    if (raw === '' || raw.startsWith(':')) continue;
    const colon = raw.indexOf(':');
    const field = colon < 0 ? raw : raw.slice(0, colon);
    const value = colon < 0 ? '' : raw.slice(raw[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') block.event = value;
    else if (field === 'id' && !value.includes('\0')) block.id = value;
    else if (field === 'data') block.data = block.data === undefined ? value : `${block.data}\n${value}`;
    else if (field === 'retry' && /^\d+$/.test(value)) block.retry = Number(value);
  }
  return block;
}
