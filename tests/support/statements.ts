/**
 * What a page of Markdown states, sentence by sentence: rows of tables, items of lists and sentences of paragraphs, on one
 * line each and without superfluous space. What stands in blocks of code, and between the marks of what is generated, is
 * left out.
 */
export function statementsOf(markdown: string): readonly string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '\n').replace(/<!-- (\w+) -->[\s\S]*?<!-- \/\1 -->/g, '\n');
  return prose.split(/\n{2,}/).flatMap((block) => {
    const lines = block.trim().split('\n');
    if (lines.every((line) => line.startsWith('|'))) return lines.map(tidy);
    const items = block.split(/\n(?=- |\d+\. )/);
    return items.flatMap((item) => tidy(item.replace(/^(- |\d+\. )/, '')).split(/(?<=[.:])\s+(?=[A-Z`*[])/));
  });
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();
