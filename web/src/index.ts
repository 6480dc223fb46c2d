// The package as a whole: importing it defines every element, and gives their classes to whoever extends or names them.
import { TelltaleDashboard } from './elements/dashboard/dashboard.ts';
import { defineElements } from './elements/index.ts';

export { TelltaleAlerts } from './elements/alerts/alerts.ts';
export { TelltalePointEvent, TelltaleSpanEvent } from './elements/base/events.ts';
export { TelltaleChart } from './elements/chart/chart.ts';
export { TelltaleCores } from './elements/cores/cores.ts';
export { TelltaleCpu } from './elements/cpu/cpu.ts';
export { TelltaleDashboard } from './elements/dashboard/dashboard.ts';
export { TelltaleDisk } from './elements/disk/disk.ts';
export { TelltaleFilesystem } from './elements/filesystem/filesystem.ts';
export { TelltaleGauge } from './elements/gauge/gauge.ts';
export { TelltaleGpu } from './elements/gpu/gpu.ts';
export { TelltaleMemory } from './elements/memory/memory.ts';
export { TelltaleNetwork } from './elements/network/network.ts';
export { TelltalePressure } from './elements/pressure/pressure.ts';
export { TelltaleProcesses } from './elements/processes/processes.ts';
export { TelltaleSensors } from './elements/sensors/sensors.ts';
export { TelltaleSource } from './elements/source/source.ts';
export { TelltaleSparkline } from './elements/sparkline/sparkline.ts';
export { TelltaleStat } from './elements/stat/stat.ts';
export { TelltaleStatus } from './elements/status/status.ts';
export { TelltaleTimeRange } from './elements/time-range/time-range.ts';

TelltaleDashboard.load = () => import('./dashboard/define.ts');

defineElements();
