import { bytes, count, list, share, temperature } from '../field.ts';
import { metric } from '../metric.ts';

/** Source: /sys/class/drm (Documentation/gpu/amdgpu/thermal.rst, i915), or nvidia-smi through systeminformation. */
export const gpu = metric({
  title: 'GPU',
  pace: 5_000,
  fields: {
    cards: list('Cards', 'Graphics processors that tell something about themselves', {
      usage: share('Used', 'Share of time in which it was busy, as the driver says'),
      memoryTotalBytes: bytes('Memory', 'Its own memory', { aggregate: 'last' }),
      memoryUsedBytes: bytes('Memory used', 'Of its own memory'),
      celsius: temperature('Temperature', 'As the driver says'),
      watts: count('Power', 'As the driver says: averaged by it, or from its energy over the interval', {
        unit: 'watts',
      }),
    }),
  },
});
