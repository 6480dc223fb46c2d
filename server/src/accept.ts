/**
 * Picks what to answer with by `Accept` (RFC 9110, 12.5.1). `offered` is in our own order of preference; `null` when
 * the reader takes none of it.
 */
export function negotiate<T extends string>(accept: string | undefined, offered: readonly T[]): T | null {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? null;
  const ranges = accept.split(',').slice(0, 32).map(parseRange);
  let best: T | null = null;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > bestQuality) {
      best = type;
      bestQuality = quality;
    }
  }
  return best;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The most specific range that fits decides. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const pattern of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find((each) => each.type === pattern);
    if (range) return range.quality;
  }
  return 0;
}

/** Whether a reader takes gzip (RFC 9110, 12.5.3); one that says nothing is sent it plain. */
export function acceptsGzip(header: string | undefined): boolean {
  const wanted = (header ?? '').split(',').map((part) =>
    part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  const quality = (coding: string) => {
    const found = wanted.find(([name]) => name === coding);
    if (!found) return null;
    const q = found.find((parameter) => parameter.startsWith('q='));
    return q === undefined ? 1 : Number(q.slice(2));
  };
  return (quality('gzip') ?? quality('*') ?? 0) > 0;
}
