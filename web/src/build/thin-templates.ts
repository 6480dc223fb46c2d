import type { Plugin } from 'vite';

// Takes the indentation out of the templates of our elements: a run of white space is one space to HTML and CSS.

const TAG = /\b(?:css|html|svg)$/;

/** A template, or an expression within one, that is not closed yet. */
interface Open {
  readonly template: boolean;
  readonly thin: boolean;
  braces: number;
}

/**
 * The code with the literal parts of its tagged templates thinned; what stands in `${}` is code again. Strings, comments
 * and regular expressions of our sources hold no back-tick but in templates, which lint sees to.
 */
export function thinTemplates(code: string): string {
  let out = '';
  const open: Open[] = [];
  let run = '';
  const flush = () => {
    out += run.replace(/\/\*.*?\*\//gs, '').replace(/\s+/g, ' ');
    run = '';
  };
  for (let i = 0; i < code.length; i++) {
    const top = open.at(-1);
    const char = code[i] as string;
    if (top?.template) {
      if (char === '\\') run += char + code[++i];
      else if (char === '`' || (char === '$' && code[i + 1] === '{')) {
        if (top.thin) flush();
        out += run + char;
        run = '';
        if (char === '`') open.pop();
        else {
          out += code[++i];
          open.push({ template: false, thin: false, braces: 0 });
        }
      } else run += char;
    } else {
      out += char;
      if (char === '`') open.push({ template: true, thin: TAG.test(out.slice(-8, -1)), braces: 0 });
      else if (char === '{' && top) top.braces++;
      else if (char === '}' && top && top.braces-- === 0) open.pop();
    }
  }
  return open.length === 0 ? out : code;
}

export const thinTemplatesPlugin: Plugin = {
  name: 'thin-templates',
  enforce: 'pre',
  transform(code, id) {
    return /\/web\/src\/.*\.ts$/.test(id) ? { code: thinTemplates(code), map: null } : null;
  },
};
