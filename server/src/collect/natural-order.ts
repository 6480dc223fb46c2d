/** Orders names as people do: `eth2` before `eth10`, `9` before `10`; otherwise by code unit, the same everywhere. */
export function naturalOrder(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  // Where they first differ at no digit, they differ in text that both have cut up alike: nearly always, and far cheaper.
  if (!isDigit(a[at]) && !isDigit(b[at])) {
    if (at === a.length || at === b.length) return a.length - b.length;
    return (a[at] as string) < (b[at] as string) ? -1 : 1;
  }
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i] as string;
    const y = right[i] as string;
    // Odd parts are the digits.
    const difference = i % 2 === 1 ? compareDigits(x, y) : 0;
    if (difference !== 0) return difference;
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

const isDigit = (char: string | undefined) => char !== undefined && char >= '0' && char <= '9';

/** By value, however many digits: a name may hold more than a number can. */
function compareDigits(a: string, b: string): number {
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}
