// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what stands in these strings is code
import { describe, expect, it } from 'vitest';
import { thinTemplates } from './thin-templates.ts';

describe('templates as they are shipped', () => {
  it.each([
    ['html`<p>\n    a  b\n  </p>`', 'html`<p> a b </p>`'],
    ['css`\n  /* why */\n  a {\n    b: c;\n  }\n`', 'css` a{b:c}`'],
    [
      'css`a b:hover,\n  c > d {\n  e: f(1px + 2px, g);\n}\n\nh { ${i} }`',
      'css`a b:hover,c > d{e:f(1px + 2px,g)}h{${i}}`',
    ],
    // What stands between is code, and code is left alone.
    ['html`\n  ${f(\n    "a  b"\n  )}\n`', 'html` ${f(\n    "a  b"\n  )} `'],
    ['html`  ${x ? html`\n  <b>` : { y: `\n  z` }}  `', 'html` ${x ? html` <b>` : { y: `\n  z` }} `'],
    ['const text = `\n  kept`;', 'const text = `\n  kept`;'],
    ['html`\\`  ${1}`', 'html`\\` ${1}`'],
  ])('%j become %j', (code, thin) => {
    expect(thinTemplates(code)).toBe(thin);
  });

  it('are left as they are where they are not understood', () => {
    const code = "const tick = '`'; html`\n  a`";
    expect(thinTemplates(code)).toBe(code);
  });
});
