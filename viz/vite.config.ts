import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** `index.html` watches a run over a socket; `models.html` runs models in the page's own worker, from static files. */
export default defineConfig({
  root: at('.'),
  base: './',
  resolve: {
    alias: [
      { find: /^mycelia$/, replacement: at('../src/index.ts') },
      { find: /^mycelia\/market$/, replacement: at('../src/market.ts') },
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: at('../dist/viz'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: at('index.html'), models: at('models.html') } },
  },
  worker: { format: 'es' },
})
