import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The report's page as one script and one style sheet, which every report.html holds. After the viewer, whose folder it shares. */
export default defineConfig({
  root: at('.'),
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: at('../dist/viz'),
    emptyOutDir: false,
    target: 'es2022',
    lib: {
      entry: at('report/main.tsx'),
      formats: ['iife'],
      name: 'myceliaReport',
      fileName: () => 'report.js',
      cssFileName: 'report',
    },
  },
})
