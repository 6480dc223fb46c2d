// What `document.createElement` and `querySelector` answer by these names. Types alone: importing it runs nothing.
import type { TelltaleAlerts } from './alerts/alerts.ts';
import type { TelltaleChart } from './chart/chart.ts';
import type { TelltaleCores } from './cores/cores.ts';
import type { TelltaleCpu } from './cpu/cpu.ts';
import type { TelltaleDashboard } from './dashboard/dashboard.ts';
import type { TelltaleDisk } from './disk/disk.ts';
import type { TelltaleFilesystem } from './filesystem/filesystem.ts';
import type { TelltaleGauge } from './gauge/gauge.ts';
import type { TelltaleGpu } from './gpu/gpu.ts';
import type { TelltaleMemory } from './memory/memory.ts';
import type { TelltaleNetwork } from './network/network.ts';
import type { TelltalePressure } from './pressure/pressure.ts';
import type { TelltaleProcesses } from './processes/processes.ts';
import type { TelltaleSensors } from './sensors/sensors.ts';
import type { TelltaleSource } from './source/source.ts';
import type { TelltaleSparkline } from './sparkline/sparkline.ts';
import type { TelltaleStat } from './stat/stat.ts';
import type { TelltaleStatus } from './status/status.ts';
import type { TelltaleTimeRange } from './time-range/time-range.ts';

declare global {
  interface HTMLElementTagNameMap {
    'telltale-alerts': TelltaleAlerts;
    'telltale-chart': TelltaleChart;
    'telltale-cores': TelltaleCores;
    'telltale-cpu': TelltaleCpu;
    'telltale-dashboard': TelltaleDashboard;
    'telltale-disk': TelltaleDisk;
    'telltale-filesystem': TelltaleFilesystem;
    'telltale-gauge': TelltaleGauge;
    'telltale-gpu': TelltaleGpu;
    'telltale-memory': TelltaleMemory;
    'telltale-network': TelltaleNetwork;
    'telltale-pressure': TelltalePressure;
    'telltale-processes': TelltaleProcesses;
    'telltale-sensors': TelltaleSensors;
    'telltale-source': TelltaleSource;
    'telltale-sparkline': TelltaleSparkline;
    'telltale-stat': TelltaleStat;
    'telltale-status': TelltaleStatus;
    'telltale-time-range': TelltaleTimeRange;
  }
}
