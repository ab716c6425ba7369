import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { comparedRuns, compareRuns, verdictOf } from '../../src/report/index.js'
import { command } from '../cli/in-process.js'
import { temporary } from '../storage/support.js'
import { madeRun } from './report-runs.js'

/** A folder with a run a seed; `gini` at the end is the seed's own value and what is added. */
function side(seeds: readonly number[], added: (seed: number) => number, wanted: number): string {
  const folder = temporary()
  for (const seed of seeds) {
    const rows = [1, 2].map(step => ({ step, gini: seed / 10 + step / 2 - 1 + added(seed) }))
    const run = madeRun({ tables: { model: rows }, manifest: { seed, parameters: { wanted, people: 100 } } })
    mkdirSync(folder, { recursive: true })
    renameSync(run, join(folder, `seed-${seed}`))
  }
  return folder
}

const seeds = [1, 2, 3, 4, 5, 6]

it('runs of one seed are pairs: the mean of the differences has Student’s interval, whatever the seeds do themselves', async () => {
  const [a, b] = await Promise.all([
    comparedRuns(side(seeds, () => 0, 3)),
    comparedRuns(side([...seeds, 99], s => 0.2 + s / 100, 5)),
  ])
  const comparison = compareRuns(a, b)
  expect(comparison.seeds).toEqual(seeds.map(seed => [seed, seed]))
  const end = comparison.figures.find(({ figure }) => figure === 'gini, at the end')
  const differences = seeds.map(seed => 0.2 + seed / 100)
  const mean = differences.reduce((x, y) => x + y, 0) / 6
  const sd = Math.sqrt(differences.reduce((x, y) => x + (y - mean) ** 2, 0) / 5)
  expect(end?.difference).toBeCloseTo(mean, 12)
  // The quantile 0.975 of Student's law with 5 degrees of freedom is 2.5706.
  expect((end?.half ?? 0) / ((2.5706 * sd) / Math.sqrt(6))).toBeCloseTo(1, 2)
  expect(end?.isBeyondChance).toBe(true)
  expect(comparison.parameters).toEqual([{ name: 'wanted', a: '3', b: '5' }])
  expect(verdictOf(comparison).join(' ')).toContain('gini, at the end (higher in B)')
})

it('two single runs are compared without a word of chance', async () => {
  const [a, b] = await Promise.all([comparedRuns(side([1], () => 0, 3)), comparedRuns(side([1], () => 1, 3))])
  const { figures } = compareRuns(a, b)
  expect(figures[0]).toMatchObject({ difference: 1, half: null, isBeyondChance: null, pairs: 1 })
  expect(verdictOf(compareRuns(a, b))[0]).toContain('nothing is known of chance')
})

it('two single runs of different seeds are called so', async () => {
  const [a, b] = await Promise.all([comparedRuns(side([1], () => 0, 3)), comparedRuns(side([2], () => 1, 3))])
  expect(verdictOf(compareRuns(a, b))[0]).toMatch(/^One pair of runs, of different seeds \(1 and 2\):/)
})

it('a run that did not finish is in no pair, and is said to be left out', async () => {
  const left = side([...seeds, 7], () => 0, 3)
  const path = join(left, 'seed-7', 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...manifest, status: 'interrupted' }))
  const [a, b] = await Promise.all([comparedRuns(left), comparedRuns(side([...seeds, 7], () => 1, 3))])
  const comparison = compareRuns(a, b)
  expect(comparison.seeds.map(([seed]) => seed)).toEqual(seeds)
  expect(verdictOf(comparison).join(' ')).toContain('Left out: 1 run that did not finish.')
})

it('the table is no wider than the terminal, and the page has the figures and the columns of the model', async () => {
  const [a, b] = [side(seeds, () => 0, 3), side(seeds, seed => (seed % 2 === 0 ? 0.1 : -0.1), 5)]
  const out = join(temporary(), 'compare.html')
  const { code, stdout } = await command(['compare', a, b, '--page', out])
  expect(code).toBe(0)
  expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  expect(stdout.replace(/\s+/g, ' ')).toContain('No figure differs by more than chance')
  expect(stdout).toMatch(/wanted +3 +5/)
  const page = readFileSync(out, 'utf8')
  expect(page).toContain('Is B better than A?')
  expect(page).toContain('<h3>gini</h3>')
  const single = await command(['compare', join(a, 'seed-1'), join(b, 'seed-1'), join(a, 'seed-2')])
  expect(Math.max(...single.stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  expect(single.stdout).toMatch(/digest +a{12}/)
})

it('folders that are no two, or hold no runs, are refused with a way on', async () => {
  const empty = await command(['compare', temporary(), temporary()])
  expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('no run')])
})
