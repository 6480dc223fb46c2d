/** How moments are written: in the zone and by the hours of the user's system, unless something else was chosen. */
export interface Clock {
  readonly utc: boolean;
  /** `null` for what the language of the system has. */
  readonly hours: 12 | 24 | null;
}

export const SYSTEM_CLOCK: Clock = { utc: false, hours: null };

/** Made once each and only when first used: making one costs more than drawing a chart. As many as there are ways to write. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The formatter for some parts of a moment, as a clock writes them. */
export function momentFormat(parts: Intl.DateTimeFormatOptions, { utc, hours }: Clock): Intl.DateTimeFormat {
  const key = JSON.stringify([parts, utc, hours]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(undefined, {
      ...parts,
      ...(utc ? { timeZone: 'UTC' } : {}),
      ...(hours === null ? {} : { hourCycle: hours === 12 ? 'h12' : 'h23' }),
    });
    formats.set(key, format);
  }
  return format;
}
