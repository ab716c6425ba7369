import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What draws films, as one module for Node. After the viewer, whose folder it shares. */
export default defineConfig({
  root: at('.'),
  publicDir: false,
  build: {
    outDir: at('../dist/viz'),
    emptyOutDir: false,
    target: 'es2022',
    minify: false,
    lib: { entry: at('film/main.ts'), formats: ['es'], fileName: () => 'film.js' },
  },
})
