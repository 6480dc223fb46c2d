import { expect, it } from 'vitest';
import { programName } from './program-name.ts';

it.each([
  ['node', [], 'node'],
  ['Google Chrome', ['Google Chrome'], 'Google Chrome'],
  ['Google Chrome Helper (Renderer)', ['Google Chrome Helper (Renderer)'], 'Google Chrome Helper (Renderer)'],
  ['python3 serve.py hunter2', ['python3', 'python3.11'], 'python3'],
  ['My Tool password hunter2', ['My Tool'], 'My Tool'],
  ['gone hunter2', [], 'gone'],
  ['', [], ''],
])('takes %j, where there are %j, for %j', (text, programs: string[], name) => {
  expect(programName(text, (each) => programs.includes(each))).toBe(name);
});
