import type { Plugin } from 'vite';

// Takes the indentation out of the templates of our elements: a run of white space is one space to HTML and CSS, and none to
// CSS where something ends or begins. No string in our styles holds what does that.

const TAG = /\b(css|html|svg)$/;

/** A template, or an expression within one, that is not closed yet. */
interface Open {
  readonly template: boolean;
  /** By what it is tagged with; `null` for any other template. */
  readonly tag: string | null;
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
  const flush = (tag: string) => {
    const thin = run.replace(/\/\*.*?\*\//gs, '').replace(/\s+/g, ' ');
    out +=
      tag === 'css'
        ? thin
            .replace(/ ?([{};,]) ?/g, '$1')
            .replace(/: /g, ':')
            .replaceAll(';}', '}')
        : thin;
    run = '';
  };
  for (let i = 0; i < code.length; i++) {
    const top = open.at(-1);
    const char = code[i] as string;
    if (top?.template) {
      if (char === '\\') run += char + code[++i];
      else if (char === '`' || (char === '$' && code[i + 1] === '{')) {
        if (top.tag !== null) flush(top.tag);
        out += run + char;
        run = '';
        if (char === '`') open.pop();
        else {
          out += code[++i];
          open.push({ template: false, tag: null, braces: 0 });
        }
      } else run += char;
    } else {
      out += char;
      if (char === '`') open.push({ template: true, tag: TAG.exec(out.slice(-8, -1))?.[1] ?? null, braces: 0 });
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
