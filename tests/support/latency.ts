import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./watch-health.js', import.meta.url));
/** Loopback has many addresses on Linux alone. */
const OWN_ADDRESS = process.platform === 'linux' ? ['127.0.0.77'] : [];

/** What a visitor with an address of its own sees meanwhile. */
export interface Watch {
  /**
   * Stops asking; the times of all answers in ms, shortest first, and those of a server that does nothing, asked
   * alternately. Fails when one was not answered with 200.
   */
  stop(): Promise<{ readonly times: readonly number[]; readonly control: readonly number[] }>;
}

/** Asks again and again, as a monitor would, and measures. */
export function watchHealth(url: string): Watch {
  const child = spawn(process.execPath, [PROGRAM, url, ...OWN_ADDRESS], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const closed = once(child, 'close');
  return {
    async stop() {
      child.stdin.end();
      await closed;
      const { times, control, failure } = JSON.parse(text) as Record<'times' | 'control', number[]> & {
        failure: string | null;
      };
      if (failure !== null) throw new Error(`meanwhile: ${failure}`);
      const sorted = (values: number[]) => values.sort((a, b) => a - b);
      return { times: sorted(times), control: sorted(control) };
    },
  };
}

export const p99 = (sorted: readonly number[]): number => sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN;
