import { describe, expect, it } from 'vitest';
import { HttpProblem } from '../errors.ts';
import { parseHistoryQuery } from './route.ts';

describe('the parameters of a history', () => {
  it('have defaults for all but the series', () => {
    expect(parseHistoryQuery({ series: 'cpu.usage,cpu.usage' }, 1_000_000)).toMatchObject({
      series: [{ metric: 'cpu' }],
      from: 100_000,
      to: 1_000_000,
      points: 600,
    });
  });

  it.each([
    [{}, 'series is needed'],
    [{ series: '' }, 'series is needed'],
    [{ series: 'cpu.usage,' }, 'unknown series ""'],
    [{ series: 'cpu.nothing' }, 'unknown series'],
    [{ series: Array.from({ length: 201 }, (_, i) => `cpu.cores.usage:${i}`).join() }, 'at most 200 series'],
    [{ series: 'cpu.usage', from: 'then' }, 'from must be epoch ms, ISO 8601'],
    [{ series: 'cpu.usage', to: '' }, 'to must be'],
    [{ series: 'cpu.usage', from: 'now' }, 'from must be before to'],
    [{ series: 'cpu.usage', points: '1' }, 'points must be a whole number from 2 to 2000'],
    [{ series: 'cpu.usage', points: '2001' }, 'points must be'],
    [{ series: 'cpu.usage', points: '' }, 'points must be'],
    [{ series: 'cpu.usage', points: '5.5' }, 'points must be'],
    [{ series: 'cpu.usage', points: 'many' }, 'points must be'],
  ])('%j are refused with what is allowed', (parameters, message) => {
    expect(() => parseHistoryQuery(parameters, 1_000_000)).toThrow(message);
    expect(() => parseHistoryQuery(parameters, 1_000_000)).toThrow(HttpProblem);
  });
});
