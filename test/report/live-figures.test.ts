/** What a report of a live run counts, and which prices it draws. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readReportData } from '../../src/report/read.js'
import { writeReport } from '../../src/report/write.js'
import { hour, start } from '../storage/makers.js'
import { madeRun } from './report-runs.js'

/** Five bars, of which trading could begin with the fourth; the exchange corrected the second and the last one. */
function liveRun(): string {
  const bars = [1, 2, 3, 4, 5]
  const equity = (step: number, usd: number) => (step < 4 ? null : usd)
  const price = (step: number, close: number) => ({ time: start + step * hour, pair: 'SOLUSD', close, volume: 1, flags: 0 })
  const portfolio = { return: -0.001, exposure: 0.2, trades: 0, reasons: {} }
  return madeRun({
    tables: {
      model: bars.map(step => ({
        step,
        time: start + step * hour,
        baseline: equity(step, 100_000 - step),
        mycelial: equity(step, 100_000),
        synthesized: equity(step, 100_000),
        buy_and_hold: equity(step, 99_900 + step),
        baseline_halted: false,
        mycelial_halted: false,
        synthesized_halted: false,
        contagion: null,
      })),
      prices: bars.map(step => price(step, 10 + step)),
      revisions: [price(2, 12.5), price(5, 14), price(5, 14.5)],
    },
    patterns: [],
    manifest: {
      verb: 'live',
      steps: 5,
      summary: {
        portfolios: { baseline: portfolio, mycelial: portfolio, synthesized: portfolio },
        tradable: { since: start + 4 * hour, bars: 2 },
      },
    },
  })
}

it('says how many bars could be traded, and draws no equity before them', async () => {
  const directory = liveRun()
  const { trading } = await readReportData(directory)
  expect(trading?.equity.lines.buy_and_hold).toEqual([null, null, null, 99_904, 99_905])
  expect(trading?.drawdown.baseline?.slice(0, 4)).toEqual([null, null, null, 0])
  const page = readFileSync(await writeReport(directory), 'utf8')
  expect(page).toContain('traded 2 hourly bars of 1 pair in a live market')
  expect(page).toContain(', after 3 before trading could begin.')
})

it('draws each bar as it was corrected last', async () => {
  const { trading } = await readReportData(liveRun())
  expect(trading?.prices.pairs.SOLUSD?.close).toEqual([11, 12.5, 13, 14, 14.5])
})
