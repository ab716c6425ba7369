import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { SlowestFirst } from './test/slowest-first.js'

const src = (file: string) => fileURLToPath(new URL(`./src/${file}`, import.meta.url))

/** Rooms whose tests start no process that outlives them and keep nothing between two runs: one process takes one file after the other. */
const rooms = [
  'agents',
  'bus',
  'core',
  'discovery',
  'exchange',
  'geography',
  'graphs',
  'market',
  'model',
  'models',
  'report',
  'scheduler',
  'space',
  'storage',
  'trading',
  'validate',
]
const together = rooms.map(room => `test/${room}/**/*.test.ts`)
/** Files of those rooms that put another module in the place of one that others use. */
const mocking = ['test/report/report-without-charts.test.ts', 'test/storage/power-cut.test.ts']

/** The tests of this repository but for `exclude`, in two projects: those that share a process, and those of which each file has one of its own. */
export function testsBut(exclude: readonly string[]): ViteUserConfig {
  return {
    resolve: {
      alias: [
        { find: /^mycelia$/, replacement: src('index.ts') },
        { find: /^mycelia\/market$/, replacement: src('market.ts') },
        { find: /^mycelia\/node$/, replacement: src('node.ts') },
        { find: /^mycelia\/spaces$/, replacement: src('spaces.ts') },
      ],
    },
    test: {
      testTimeout: 60_000,
      hookTimeout: 60_000,
      pool: 'forks',
      // vitest's default leaves a core idle, which on a two-core machine is half of it.
      maxWorkers: availableParallelism(),
      sequence: { sequencer: SlowestFirst },
      projects: [
        {
          extends: true,
          test: {
            name: 'apart', // they kill children, change folders and environment, or mock
            isolate: true,
            include: ['test/*.test.ts', `test/!(${rooms.join('|')})/**/*.test.ts`, ...mocking],
            exclude: [...exclude],
          },
        },
        { extends: true, test: { name: 'together', isolate: false, include: together, exclude: [...mocking, ...exclude] } },
      ],
    },
  }
}

export default defineConfig(testsBut(['test/nightly/**', 'node_modules/**']))
