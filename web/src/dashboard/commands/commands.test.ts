import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Command, groupCommands, MAX_RESULTS, rankCommands } from './commands.ts';

const command = (title: string, group = 'Charts', detail = ''): Command => ({
  ...{ id: `${group} ${title}`, title, group, detail, run: () => {} },
});
const titles = (commands: readonly Command[]) => commands.map(({ title }) => title);

const some = [
  command('Pause', 'Time'),
  command('Last hour', 'Time'),
  command('Memory: used', 'Series', 'memory.usedBytes'),
  command('Network: received', 'Series', 'network.rxBytesPerSecond'),
  command('Show pressure', 'Sections'),
];

describe('what a query finds', () => {
  test.each([
    ['', titles(some)],
    ['  ', titles(some)],
    ['hour last', ['Last hour']],
    ['US', ['Memory: used', 'Pause']],
    ['mem used', ['Memory: used']],
    ['p', ['Pause', 'Show pressure', 'Network: received']],
    ['rxBytes', ['Network: received']],
    ['series', ['Memory: used', 'Network: received']],
    [': ', ['Memory: used', 'Network: received']],
    ['nothing', []],
  ])('"%s"', (query, expected) => {
    expect(titles(rankCommands(some, query))).toEqual(expected);
  });

  test('every word of the query is in every answer, none is invented or told twice, and there is an end', () => {
    const text = fc.string({ maxLength: 12 });
    const list = fc.array(fc.tuple(text, text, text), { maxLength: 120 });
    fc.assert(
      fc.property(list, text, (entries, query) => {
        const commands = entries.map(([title, group, detail]) => command(title, group, detail));
        const found = rankCommands(commands, query);
        expect(found.length).toBeLessThanOrEqual(MAX_RESULTS);
        expect(new Set(found).size).toBe(found.length);
        for (const each of found) {
          expect(commands).toContain(each);
          const all = `${each.title}\n${each.group} ${each.detail}`.toLowerCase();
          for (const word of query.toLowerCase().split(/\s+/)) expect(all).toContain(word);
        }
        expect(rankCommands(found, query)).toEqual(found);
      }),
    );
  });

  test('the order of the words does not matter', () => {
    const word = fc.constantFrom('last', 'hour', 'mem', 'used', 'p', 'e');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const there = rankCommands(some, words.join(' '));
        expect(rankCommands(some, words.toReversed().join(' '))).toEqual(there);
      }),
    );
  });
});

test('a group stands where its first command stood', () => {
  const [pause, , used, received] = some as [Command, Command, Command, Command];
  expect([...groupCommands([used, pause, received])]).toEqual([
    ['Series', [used, received]],
    ['Time', [pause]],
  ]);
});
