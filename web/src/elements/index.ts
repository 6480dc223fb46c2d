import { TelltaleAlerts } from './alerts/alerts.ts';
import { define } from './base/define.ts';
import { TelltaleChart } from './chart/chart.ts';
import { TelltaleCores } from './cores/cores.ts';
import { TelltaleCpu } from './cpu/cpu.ts';
import { TelltaleDashboard } from './dashboard/dashboard.ts';
import { TelltaleDisk } from './disk/disk.ts';
import { TelltaleFilesystem } from './filesystem/filesystem.ts';
import { TelltaleGauge } from './gauge/gauge.ts';
import { TelltaleGpu } from './gpu/gpu.ts';
import { TelltaleMemory } from './memory/memory.ts';
import { TelltaleNetwork } from './network/network.ts';
import { TelltalePressure } from './pressure/pressure.ts';
import { TelltaleProcesses } from './processes/processes.ts';
import { TelltaleSensors } from './sensors/sensors.ts';
import { TelltaleSource } from './source/source.ts';
import { TelltaleSparkline } from './sparkline/sparkline.ts';
import { TelltaleStat } from './stat/stat.ts';
import { TelltaleStatus } from './status/status.ts';
import { TelltaleTimeRange } from './time-range/time-range.ts';
import './tag-names.ts';

/** Every element by its tag. What others look for around them comes first, so that it is there when they look. */
const elements = {
  'telltale-source': TelltaleSource,
  'telltale-alerts': TelltaleAlerts,
  'telltale-chart': TelltaleChart,
  'telltale-cores': TelltaleCores,
  'telltale-cpu': TelltaleCpu,
  'telltale-dashboard': TelltaleDashboard,
  'telltale-disk': TelltaleDisk,
  'telltale-filesystem': TelltaleFilesystem,
  'telltale-gauge': TelltaleGauge,
  'telltale-gpu': TelltaleGpu,
  'telltale-memory': TelltaleMemory,
  'telltale-network': TelltaleNetwork,
  'telltale-pressure': TelltalePressure,
  'telltale-processes': TelltaleProcesses,
  'telltale-sensors': TelltaleSensors,
  'telltale-sparkline': TelltaleSparkline,
  'telltale-stat': TelltaleStat,
  'telltale-status': TelltaleStatus,
  'telltale-time-range': TelltaleTimeRange,
};

export function defineElements(): void {
  for (const [tag, element] of Object.entries(elements)) define(tag, element);
}
