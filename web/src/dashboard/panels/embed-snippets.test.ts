import { describe, expect, it } from 'vitest';
import { embedSnippets } from './embed-snippets.ts';

const FILE = { file: 'embed/0123.js', integrity: 'sha384-abc' };

describe('what is shown for a page of somebody else', () => {
  it('is the tag with where its data comes from, and the module of any or of this version', () => {
    const { script, pinned } = embedSnippets('telltale-cpu', 'http://nas:7411/', FILE);
    expect(script).toBe(
      '<script type="module" src="http://nas:7411/embed.js"></script>\n<telltale-cpu src="http://nas:7411/"></telltale-cpu>',
    );
    expect(pinned).toContain('src="http://nas:7411/embed/0123.js" integrity="sha384-abc" crossorigin');
  });

  it('is a frame whose query holds the attributes', () => {
    const { frame } = embedSnippets('telltale-chart series="cpu.load1,cpu.load5" stacked', 'http://nas:7411/t/', null);
    expect(frame).toContain('src="http://nas:7411/t/embed/chart?series=cpu.load1%2Ccpu.load5&amp;stacked="');
  });

  it('names the origin, without the path, where the policy of the page must', () => {
    const { policy, pinned } = embedSnippets('telltale-cpu', 'https://nas/t/', null);
    expect(policy).toContain('script-src https://nas; connect-src https://nas;');
    expect(pinned).toBeNull();
  });
});
