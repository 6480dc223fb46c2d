import '@telltale/web';
import type { TelltaleChart } from '@telltale/web';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';

const CHARTS = ['cpu.load1,cpu.load5', 'memory.usedBytes'] as const;
const STATS = ['cpu.usage', 'memory.usedBytes', 'cpu.load1'];
const AGAIN = 100;

/** What a page does with elements: gives them properties that change, lists of them that change, and takes them away. */
export function App({ servers }: { servers: readonly string[] }) {
  const [shown, setShown] = useState(true);
  const [whole, setWhole] = useState(false);
  const [server, setServer] = useState(0);
  const [chart, setChart] = useState(0);
  const [stats, setStats] = useState(STATS);
  const [renders, setRenders] = useState(0);
  const [spans, setSpans] = useState(0);
  const first = useRef<TelltaleChart>(null);

  // One render after the other, as an app has them that shows something of its own beside.
  const again = () => {
    for (let i = 0; i < AGAIN; i++) flushSync(() => setRenders((count) => count + 1));
  };

  return (
    <>
      <p>
        <button type="button" onClick={() => setShown(!shown)}>
          {shown ? 'Hide' : 'Show'}
        </button>
        <button type="button" onClick={() => setServer((server + 1) % servers.length)}>
          Other server
        </button>
        <button type="button" onClick={() => setChart((chart + 1) % CHARTS.length)}>
          Other series
        </button>
        <button type="button" onClick={() => setStats(stats.toReversed())}>
          Reverse
        </button>
        <button type="button" onClick={() => setStats(stats.length > 1 ? stats.slice(1) : STATS)}>
          Fewer
        </button>
        <button type="button" onClick={again}>
          Again
        </button>
        <button type="button" onClick={() => setWhole(!whole)}>
          Dashboard
        </button>
        <output>{`${renders} renders, ${spans} spans`}</output>
      </p>
      {shown && (
        <telltale-source src={servers[server]}>
          {stats.map((series) => (
            <telltale-stat key={series} series={series}>
              {renders > 0 && `after ${renders} renders`}
            </telltale-stat>
          ))}
          <telltale-chart
            ref={first}
            series={CHARTS[chart]}
            heading={`Number ${chart}`}
            stacked={chart === 1}
            ontelltale-span={() => setSpans((count) => count + 1)}
          />
          {whole ? <telltale-dashboard /> : <telltale-cpu />}
        </telltale-source>
      )}
    </>
  );
}
