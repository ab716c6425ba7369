import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/slowest-first.js'

const src = (file: string) => fileURLToPath(new URL(`./src/${file}`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^mycelia$/, replacement: src('index.ts') },
      { find: /^mycelia\/market$/, replacement: src('market.ts') },
      { find: /^mycelia\/node$/, replacement: src('node.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/nightly/**', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A process per file: tests kill children, change folders and load a native package. vitest's default leaves a core
    // idle, which on a two-core machine is half of it.
    pool: 'forks',
    isolate: true,
    maxWorkers: availableParallelism(),
    sequence: { sequencer: SlowestFirst },
  },
})
