import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, so that the same build serves below any sub-path.
  base: './',
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    // A small file is served as well as inlined, and `data:` URLs need a hole in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
