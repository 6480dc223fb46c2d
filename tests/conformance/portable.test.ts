import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type Reader } from '../support/sse.ts';

// The provider for machines that are no Linux, here on one: its numbers may be told apart from ours, its shapes may not.

describe('the portable provider', () => {
  let server: RunningServer;
  let reader: Reader;

  beforeAll(async () => {
    server = await startServer('--provider', 'portable');
    reader = await openStream(`${server.url}/api/stream`);
  });
  afterAll(async () => {
    reader.close();
    await server.stop();
  });

  const next = (name: string) =>
    reader.waitFor((event) => event.name === name && event.data.elapsedMs !== null).then(({ data }) => data);

  it('tells the processors, whose parts add up to 100 with what it does not tell left out', async () => {
    const cpu = await next('cpu');
    expect(cpu.usage).toBeGreaterThanOrEqual(0);
    expect(cpu.usage).toBeLessThanOrEqual(100);
    expect(cpu.user + cpu.nice + cpu.system + cpu.interrupt + cpu.idle).toBeCloseTo(100, 6);
    expect([cpu.steal, cpu.guest, cpu.iowait]).toEqual([null, null, null]);
    expect(cpu.cores.length).toBeGreaterThan(0);
  });

  it('tells memory, whose parts add up to the total', async () => {
    const memory = await next('memory');
    expect(memory.usedBytes).toBe(memory.totalBytes - memory.availableBytes);
    expect(memory.freeBytes + memory.buffersBytes + memory.cacheBytes + memory.otherBytes).toBe(memory.totalBytes);
  });

  it('tells interfaces by their own names', async () => {
    const { interfaces } = await next('network');
    expect(interfaces.map(({ name }: { name: string }) => name)).toContain('lo');
    for (const { rxBytes } of interfaces) expect(rxBytes).toBeGreaterThanOrEqual(0);
  });

  it('names in a fault whatever it does not tell', () => {
    const faults = reader.events.filter(({ name }) => name === 'fault').map(({ data }) => data);
    expect(faults.map(({ metric }) => metric).sort()).toEqual(['cpu', 'memory', 'network']);
    expect(faults.find(({ metric }) => metric === 'cpu')?.fields).toContain('iowait');
  });
});
