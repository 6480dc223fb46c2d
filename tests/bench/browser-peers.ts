import Chart from 'chart.js/auto';
import UPlot from 'uplot';

// The same charts by others, as their documentation shows how to stream: runs in the page. Each reads the very stream that
// ours reads, by EventSource, and draws every event.

const COLORS = ['#2f6db5', '#b8732e', '#2b8f86'];

interface Sample {
  readonly at: number;
  readonly cores: readonly Readonly<Record<string, number>>[];
}

type Draw = (sample: Sample) => void;

const { side, points, fields, charts } = JSON.parse(document.body.dataset['bench'] ?? '{}') as {
  side: string;
  points: number;
  fields: string[];
  charts: number;
};

function box(): HTMLElement {
  const element = document.createElement('div');
  element.style.cssText = 'width:440px;height:190px';
  document.body.append(element);
  return element;
}

/** uPlot: a window of arrays, shifted, and `setData` (uplot/demos/stream-data.html). */
function uplot(times: number[], columns: number[][][]): Draw {
  const plots = columns.map((own, core) => {
    const data = [times.map((at) => at / 1_000), ...own];
    const series = fields.map((label, i) => ({ label, stroke: COLORS[i] as string }));
    const options = {
      width: 440,
      height: 150,
      series: [{}, ...series],
      scales: { y: { range: [0, 100] as [number, number] } },
    };
    const plot = new UPlot(options, data as UPlot.AlignedData, box());
    return (sample: Sample) => {
      data.forEach((column, i) => {
        column.shift();
        column.push(i === 0 ? sample.at / 1_000 : (sample.cores[core]?.[fields[i - 1] as string] ?? 0));
      });
      plot.setData(data as UPlot.AlignedData);
    };
  });
  return (sample) => {
    for (const draw of plots) draw(sample);
  };
}

/** Chart.js: data of `{x, y}`, `parsing: false`, no animation, and `update('none')` (chartjs.org, Performance). */
function chartjs(times: number[], columns: number[][][]): Draw {
  const all = columns.map((own, core) => {
    const canvas = document.createElement('canvas');
    box().append(canvas);
    const datasets = own.map((column, i) => ({
      label: fields[i] as string,
      data: times.map((x, row) => ({ x, y: column[row] as number })),
      borderColor: COLORS[i] as string,
      borderWidth: 1.5,
      pointRadius: 0,
    }));
    const chart = new Chart(canvas, {
      type: 'line',
      data: { datasets },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        scales: { x: { type: 'linear', ticks: { maxRotation: 0 } }, y: { min: 0, max: 100 } },
      },
    });
    return (sample: Sample) => {
      datasets.forEach(({ data, label }) => {
        data.shift();
        data.push({ x: sample.at, y: sample.cores[core]?.[label] ?? 0 });
      });
      chart.update('none');
    };
  });
  return (sample) => {
    for (const draw of all) draw(sample);
  };
}

async function run(): Promise<void> {
  const names = Array.from({ length: charts }, (_, core) => fields.map((field) => `cpu.cores.${field}:${core}`));
  const answer = await fetch(`/api/history?series=${names.flat().join(',')}`);
  const { times, series } = await answer.json();
  const columns = names.map((own) => own.map((name) => series[name].avg.slice(-points) as number[]));
  const draw = (side === 'uPlot' ? uplot : chartjs)(times.slice(-points), columns);
  // Several events of a frame are one drawing, as with ours.
  let waiting: Sample | null = null;
  new EventSource('/api/stream').addEventListener('cpu', ({ data }) => {
    if (waiting === null) {
      requestAnimationFrame(() => {
        if (waiting) draw(waiting);
        waiting = null;
      });
    }
    waiting = JSON.parse(data);
  });
}

void run();
