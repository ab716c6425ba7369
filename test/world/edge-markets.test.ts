/** Whole runs in markets at the edge of what is allowed: they end, and say what was refused. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import { runSummary } from '../../src/cli/run-summary.js'
import { Rng, rootOf } from '../../src/core/index.js'
import { run } from '../../src/world/index.js'

const from = Date.UTC(2023, 3, 1) / 1000

/** Hourly candles of one pair around a price, in a folder of their own. */
function candles(pair: string, price: number, move: number): string {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-edge-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  const rng = Rng.derive(rootOf(4), 1, 1)
  let close = price
  const rows = Array.from({ length: 300 }, (_, i) => {
    const open = close
    close = open * Math.exp(move * rng.normal())
    const [high, low] = [Math.max(open, close) * (1 + move / 4), Math.min(open, close) * (1 - move / 4)]
    return `${from + i * 3600},${[open, high, low, close].map(x => x.toFixed(12)).join(',')},1000,5\n`
  })
  writeFileSync(join(place, `${pair}_60.csv`), rows.join(''))
  return place
}

it.each([
  ['a coin at 0.000005 USD', 0.000005, {}],
  ['a coin at 0.07 USD and a capital of 1e9', 0.07, { capitalUsd: 1e9 }],
])('a run ends, and counts as too large what exact integers cannot hold: %s', async (_, price, params) => {
  const market = candles('XDGUSD', price, 0.01)
  const out = join(market, 'run')
  const result = await run({
    scenario: trifecta,
    market,
    out,
    steps: 299,
    seed: 1,
    params: { ...params, pairs: ['DOGEUSD'], baselineRule: 'talkative' },
  })
  expect(result.steps).toBe(299)
  expect(result.ideas).toBeGreaterThan(0)
  expect(result.portfolios?.baseline).toMatchObject({ trades: 0, ignoredBy: { tooLarge: result.ideas } })
  expect(runSummary(result, [], undefined)).toContain('too large to be counted exactly, refused: baseline ')
})

it('in a market that stands still there is no vote and no trade', async () => {
  const market = candles('XDGUSD', 0.07, 0)
  const result = await run({
    scenario: trifecta,
    market,
    out: join(market, 'run'),
    steps: 299,
    seed: 1,
    params: { pairs: ['DOGEUSD'] },
  })
  expect(result).toMatchObject({ steps: 299, ideas: 0, trades: 0 })
})
