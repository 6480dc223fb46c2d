import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Ten minutes of a machine as it was sent, ready to be sent again at other times: a tick for each second. */
export type Shape = readonly (readonly (readonly [metric: string, rest: string])[])[];

const AT = /^\{"at":\d+,/;

const FOLDER = join(process.cwd(), 'tests', 'bench', 'shapes');

/** The names of those that there are. */
export const shapeNames = (): string[] =>
  readdirSync(FOLDER)
    .map((file) => file.replace(/\.gz$/, ''))
    .sort();

/** Reads `shapes/NAME.gz`: lines of a metric's name and the JSON of its event, in the order in which they were sent. */
export function readShape(name: string): Shape {
  const ticks = new Map<number, [string, string][]>();
  for (const line of gunzipSync(readFileSync(join(FOLDER, `${name}.gz`)))
    .toString()
    .trimEnd()
    .split('\n')) {
    const space = line.indexOf(' ');
    const json = line.slice(space + 1);
    const second = Math.floor(JSON.parse(json).at / 1_000);
    const tick = ticks.get(second) ?? [];
    ticks.set(second, tick);
    tick.push([line.slice(0, space), json.replace(AT, '')]);
  }
  return [...ticks.values()].slice(0, 600);
}

/** Some seconds of a shape that is repeated for ever, from the `second`th after `start` on. */
export function ticksOf(shape: Shape, start: number, second: number, count: number): (readonly [string, string])[][] {
  return Array.from({ length: count }, (_, i) => {
    const tick = shape[(second + i) % shape.length] ?? [];
    // A ms of jitter now and then, as real times have.
    const at = start + (second + i) * 1_000 + 500 + ((second + i) % 7 === 0 ? 1 : 0);
    return tick.map(([metric, rest]) => [metric, `{"at":${at},${rest}`] as const);
  });
}
