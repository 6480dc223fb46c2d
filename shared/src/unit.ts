/** What a number is counted in. */
export type Unit =
  | 'percent'
  | 'bytes'
  | 'bytesPerSecond'
  | 'bitsPerSecond'
  | 'perSecond'
  | 'count'
  | 'load'
  | 'cores'
  | 'ms'
  | 'msPerSecond'
  | 'celsius'
  | 'rpm'
  | 'watts'
  /** A number that only names something. */
  | 'id'
  /** Epoch ms. */
  | 'time';

/** A number ready to be set: `text` and `symbol` apart, so that a page can give them different weight. */
export interface Formatted {
  readonly text: string;
  readonly symbol: string;
}

interface Scale {
  readonly base: number;
  readonly symbols: readonly string[];
}

// Sizes count in 1024s, as `free` and htop do; rates on the wire count in 1000s, as links are sold. The symbol tells.
const SCALES: Partial<Record<Unit, Scale>> = {
  bytes: { base: 1024, symbols: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] },
  bytesPerSecond: { base: 1000, symbols: ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'] },
  bitsPerSecond: { base: 1000, symbols: ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'] },
  perSecond: { base: 1000, symbols: ['/s', 'k/s', 'M/s', 'G/s'] },
  ms: { base: 1000, symbols: ['ms', 's'] },
};

const PLAIN_SYMBOL: Partial<Record<Unit, string>> = {
  percent: '%',
  cores: 'cores',
  msPerSecond: 'ms/s',
  celsius: '°C',
  rpm: 'rpm',
  watts: 'W',
};

/** Absent is an en dash, never 0. */
const ABSENT: Formatted = { text: '–', symbol: '' };

function decimals(value: number, unit: Unit): number {
  const size = Math.abs(value);
  if (unit === 'load') return 2;
  if (unit === 'percent' || unit === 'celsius') return 1;
  if (unit === 'count' && Number.isInteger(value)) return 0;
  if (unit === 'rpm' || unit === 'id' || unit === 'time') return 0;
  return size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
}

/** Digits in groups of three, apart by a narrow no-break space; four are read as they are. */
const grouped = (digits: string): string => (digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, '\u202f'));

/** Formats a value in its unit to three or so digits that matter, with the symbol it needs. */
export function formatValue(value: number | null, unit: Unit): Formatted {
  if (value === null || !Number.isFinite(value)) return ABSENT;
  const scale = SCALES[unit];
  if (!scale) {
    const text = value.toFixed(decimals(value, unit));
    return { text: unit === 'count' ? grouped(text) : text, symbol: PLAIN_SYMBOL[unit] ?? '' };
  }
  let scaled = value;
  let power = 0;
  // 999.6 would be set as "1000": the next symbol is taken where rounding would reach the base.
  while (Math.abs(scaled) >= scale.base - 0.5 && power < scale.symbols.length - 1) {
    scaled /= scale.base;
    power++;
  }
  const digits = power === 0 && unit === 'bytes' ? 0 : decimals(scaled, unit);
  return { text: scaled.toFixed(digits), symbol: scale.symbols[power] ?? '' };
}

/** The same as one string, with a no-break space before a word-like symbol. */
export function formatText(value: number | null, unit: Unit): string {
  const { text, symbol } = formatValue(value, unit);
  return symbol === '' ? text : `${text}\u00a0${symbol}`;
}

/** The next round number for the top of an axis: 1, 2, 2.5 or 5 times a power of the unit's own base. */
export function niceCeiling(value: number, unit: Unit): number {
  if (!(value > 0)) return 1;
  const base = SCALES[unit]?.base ?? 1000;
  let step = 1;
  while (value >= step * base) step *= base;
  const decade = 10 ** Math.floor(Math.log10(value / step));
  for (const factor of [1, 2, 2.5, 5, 10]) {
    if (value <= factor * decade * step) return factor * decade * step;
  }
  return 10 * decade * step;
}
