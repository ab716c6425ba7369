/** Every table of a report read off its page, and compared with what the test computes from the tables by itself. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readReportData, writeReport } from '../../src/report/index.js'
import { browserPath } from '../browser.js'
import { hour, start } from '../storage/makers.js'
import { seriousIn } from '../viz/accessibility.js'
import { openReport, type ReportPage } from './page-tables.js'
import { model, prices, quantRun, signals, trades } from './quant-run.js'
import { madeRun } from './report-runs.js'

const titles = { baseline: 'Baseline', mycelial: 'Mycelial', synthesized: 'Synthesized', buy_and_hold: 'Buy and hold' } as const
const of = (name: string) => trades.filter(trade => trade.portfolio === name)
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]) => sum(values) / values.length
const usd = (trade: (typeof trades)[number], column: string) => Number(trade[column]) / 1e6
const net = (trade: (typeof trades)[number]) => (1e4 * Number(trade.pnl_e6)) / Number(trade.entry_notional_e6)
/** As the page shows numbers: five significant digits, or two decimals. */
const near = (value: number) => expect.closeTo(value, Math.abs(value) >= 1_000 ? -1 : Math.abs(value) >= 100 ? 1 : 2)

/** Equity at the ends of days. */
const daily = (name: string) => model.filter((_, i) => i % 24 === 23).map(row => Number(row[name]))
const returns = (name: string) =>
  daily(name)
    .slice(1)
    .map((value, i) => value / (daily(name)[i] as number) - 1)

describe.skipIf(browserPath === undefined)('on the page of a report', () => {
  let report: ReportPage
  beforeAll(async () => {
    report = await openReport(run)
  }, 60_000)
  const place = mkdtempSync(join(tmpdir(), 'mycelia-figures-'))
  const run = quantRun(join(place, 'run'))
  afterAll(async () => {
    await report?.close()
    rmSync(place, { recursive: true, force: true })
  })

  const card = (title: string) => report.card(title)
  const tableOf = (title: string) => report.tableOf(title)

  it.each([
    ['By pair', 'pair', (t: (typeof trades)[number]) => t.pair],
    ['By exit reason', 'reason', (t: (typeof trades)[number]) => t.reason],
    ['Long and short', 'side', (t: (typeof trades)[number]) => (t.direction === 1 ? 'long' : 'short')],
    ['By month', 'month', (t: (typeof trades)[number]) => new Date(Number(t.exit_time)).toISOString().slice(0, 7)],
    ['By pattern', 'pattern', (t: (typeof trades)[number]) => t.pattern ?? 'indicators, no pattern'],
  ] as const)('the table %s sums the trades', async (title, column, wordOf) => {
    const rows = await tableOf(title)
    expect(sum(rows.map(row => Number(row.trades)))).toBe(trades.length)
    for (const row of rows) {
      const own = trades.filter(t => wordOf(t) === row[column] && titles[t.portfolio as 'baseline'] === row.portfolio)
      expect(own.length, String(row[column])).toBe(row.trades)
      expect(row['P&L, USD']).toEqual(near(sum(own.map(t => usd(t, 'pnl_e6')))))
      expect(row['won, %']).toEqual(expect.closeTo((100 * own.filter(t => Number(t.pnl_e6) > 0).length) / own.length, 0))
      expect(row['mean net, bp']).toEqual(near(mean(own.map(net))))
    }
  })

  it('each trade has its money, its costs, and the worst and the best price on its way', async () => {
    const rows = await tableOf('Trades')
    expect(rows).toHaveLength(trades.length)
    for (const trade of trades) {
      const row = rows.find(each => each.trade === trade.trade_id)
      const between = prices.filter(
        bar =>
          bar.pair === trade.pair && Number(bar.time) > Number(trade.entry_time) && Number(bar.time) <= Number(trade.exit_time),
      )
      const [highs, lows] = [between.map(bar => Number(bar.high)), between.map(bar => Number(bar.low))]
      const [entry, d] = [Number(trade.entry_price), Number(trade.direction)]
      const [best, worst] = d === 1 ? [Math.max(...highs), Math.min(...lows)] : [Math.min(...lows), Math.max(...highs)]
      expect(row?.['P&L, USD']).toEqual(near(usd(trade, 'pnl_e6')))
      expect(row?.['costs, USD']).toEqual(
        expect.closeTo(usd(trade, 'fees_e6') + usd(trade, 'slippage_e6') + usd(trade, 'borrow_e6'), 1),
      )
      expect(row?.['net, bp']).toEqual(near(net(trade)))
      expect(row?.['MAE, bp']).toEqual(near(Math.min(0, 1e4 * d * (worst / entry - 1))))
      expect(row?.['MFE, bp']).toEqual(near(Math.max(0, 1e4 * d * (best / entry - 1))))
    }
  })

  it('gross, each cost and net of a portfolio add up', async () => {
    for (const row of await tableOf('From gross to net')) {
      const own = of(Object.entries(titles).find(([, title]) => title === row.portfolio)?.[0] ?? '')
      const costs = ['fees_e6', 'slippage_e6', 'borrow_e6'].map(column => sum(own.map(t => usd(t, column))))
      const pnl = sum(own.map(t => usd(t, 'pnl_e6')))
      expect(row.trades).toBe(own.length)
      expect(row['gross, USD']).toEqual(near(pnl + sum(costs)))
      expect([row['− fees'], row['− spread and slippage'], row['− borrowing']]).toEqual(costs.map(cost => near(-cost)))
      expect(row['= net, USD']).toEqual(near(pnl))
    }
  })

  it('the picture of costs shows what the table says, and candles the volume that was traded', async () => {
    const [first] = await tableOf('From gross to net')
    const said = (await card('What costs took').getByRole('img').getAttribute('aria-label')) ?? ''
    const shown = (name: string) => Number(new RegExp(`${name} (-?[\\d,.]+) USD`).exec(said)?.[1]?.replaceAll(',', ''))
    expect(shown('gross')).toEqual(near(Number(first?.['gross, USD'])))
    expect([shown('fees'), shown('slippage'), shown('borrowing'), shown('net')]).toEqual(
      ['− fees', '− spread and slippage', '− borrowing', '= net, USD'].map(column => near(Number(first?.[column]))),
    )
    const { trading } = await readReportData(run)
    for (const [pair, candles] of Object.entries(trading?.prices.pairs ?? {}))
      expect(sum(candles.volume)).toBe(sum(prices.filter(bar => bar.pair === pair).map(bar => Number(bar.volume))))
  })

  it('months, worst drawdowns and the benchmark are those of the equity at the ends of days', async () => {
    const [january] = await tableOf('Returns by month')
    for (const [name, title] of Object.entries(titles)) {
      const values = daily(name)
      expect(january?.[title]).toEqual(near(100 * ((values[30] as number) / (values[0] as number) - 1)))
    }
    const drawdowns = await tableOf('Worst drawdowns')
    for (const [name, title] of Object.entries(titles)) {
      let [peak, worst] = [0, 0]
      for (const value of daily(name)) {
        peak = Math.max(peak, value)
        worst = Math.max(worst, 1 - value / peak)
      }
      expect(drawdowns.find(row => row.portfolio === title)?.['depth, %']).toEqual(near(100 * worst))
    }
    const x = returns('buy_and_hold')
    for (const row of await tableOf('Against buy and hold')) {
      const y = returns(Object.entries(titles).find(([, title]) => title === row.portfolio)?.[0] ?? '')
      const cov = mean(x.map((value, i) => value * (y[i] as number))) - mean(x) * mean(y)
      const beta = cov / (mean(x.map(value => value * value)) - mean(x) ** 2)
      expect(row.days).toBe(59)
      expect(row.beta).toEqual(expect.closeTo(beta, 3))
      expect(row['alpha, bp a day']).toEqual(expect.closeTo(1e4 * (mean(y) - beta * mean(x)), 2))
    }
  })

  it('a headline figure carries its interval and its count, and a null result what could have been seen', async () => {
    await card('Mycelial').scrollIntoViewIfNeeded()
    const text = (await card('Mycelial').textContent())?.replaceAll('\u00a0', ' ') ?? ''
    // Wilson's interval of 60 % of 30, by its formula.
    const [p, n, z2] = [0.6, 30, 1.96 ** 2]
    const half = (Math.sqrt(z2) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    const middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    expect(text).toContain(
      `60.0 % (${(100 * (middle - half)).toFixed(1)} % … ${(100 * (middle + half)).toFixed(1)} %, 30 trades)`,
    )
    expect(text).toMatch(/Return\+1\.23 % \([−\d.]+ % … [\d.]+ %, 59 days\)/)
    const verdict = (await card('Is it chance?').textContent())?.replaceAll('\u00a0', ' ') ?? ''
    const nets = of('mycelial').map(t => net(t) / 1e4)
    const sd = Math.sqrt(sum(nets.map(value => (value - mean(nets)) ** 2)) / (nets.length - 1))
    const effect = (100 * 2.8016 * sd) / Math.sqrt(nets.length)
    expect(verdict).toContain('does not differ from 0 by more than chance')
    expect(verdict).toContain(`could have shown a mean of ${effect.toFixed(3)} % or more`)
  })

  it('a trade opens its thread: decision, idea, pattern, each stage with its p, the signal at that bar, the money; and leads to the pattern and back', async () => {
    const trade = of('mycelial')[2] as (typeof trades)[number]
    await tableOf('Trades')
    await card('Trades').locator('input[type=search]').fill(String(trade.trade_id))
    await card('Trades').locator('button.opener').first().click()
    const told = (await card('Trades').locator('.row-detail').textContent()) ?? ''
    const [driver = '', , lag] = String(trade.pattern).split('|')
    const at = Number(trade.entry_time) - hour - Number(lag) * hour
    const z = signals.find(row => row.driver === driver && row.time === at)?.z as number
    for (const words of [
      `proposed the idea ${trade.idea_id}`,
      'Rules of the gate that allowed it: 9',
      `the pattern ${trade.pattern}`,
      'Screened, and announced as a candidate after step 240 by PatternLearner-3. z 2.60, p 0.0093 of that z, two-sided.',
      'Confirmed on new bars after step 900 by Instigator-0. z 3.40, p 3.4e−4 of that z.',
      'Approved on a third stretch of bars after step 1,300 by DeepResearch-1. z 2.90, p 0.0312 of those bars.',
      `Its driver ${driver} stood ${z.toFixed(2).replace('-', '−')} standard deviations from its mean`,
      `In all the trade brought ${Number(trade.pnl_e6) < 0 ? '−' : ''}$${Math.abs(usd(trade, 'pnl_e6')).toFixed(2)} after costs of $`,
    ])
      expect(told).toContain(words)
    await card('Trades').locator('tbody tr').first().locator('button.opener', { hasText: driver }).click()
    await card('Approved patterns').locator('tbody tr').first().waitFor()
    const [row] = await tableOf('Approved patterns')
    const own = trades.filter(t => t.pattern === trade.pattern)
    expect([row?.pattern, row?.trades]).toEqual([trade.pattern, own.length])
    expect(row?.['P&L, USD']).toEqual(near(sum(own.map(t => usd(t, 'pnl_e6')))))
    await card('Approved patterns')
      .locator('td button.opener', { hasText: String(trade.pattern) })
      .last()
      .click()
    await expect.poll(async () => (await tableOf('Trades')).length).toBe(own.length)
  })

  it('a retired pattern is not in force, and a p of 0.03 after 43,000 tests has its reason', async () => {
    const page = readFileSync(await writeReport(run), 'utf8').replace(/<[^>]*>/g, ' ')
    const now = (driver: string) =>
      new RegExp(`${driver} +[\\s\\S]*?(in force|retired)`).exec(page.slice(page.indexOf(' Approved patterns ')))?.[1]
    expect([now('code:Rust'), now('code:Go')]).toEqual(['in force', 'retired'])
    expect(page.replace(/\s+/g, ' ')).toContain('suffices after 43,000 tests')
  })

  it('nothing serious hinders a reader who cannot see or use a mouse, and a phone shows whole words', async () => {
    await report.page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') })
    expect(await report.page.evaluate(seriousIn)).toEqual([])
    await report.page.setViewportSize({ width: 390, height: 800 })
    expect(await report.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    const broken = await report.page.evaluate(
      () =>
        [...document.querySelectorAll('.panel td:not([colspan])')].filter(cell => getComputedStyle(cell).whiteSpace !== 'nowrap')
          .length,
    )
    expect(broken).toBe(0)
    expect(report.said).toEqual([])
  })
})

it('the days of the made run are whole', () => {
  expect(Number(model.at(-1)?.time)).toBe(start + 60 * 24 * hour)
})

it('candles of a table that tells closes alone show no volume', async () => {
  const told = new Set(['step', 'time', 'pair', 'close', 'flags'])
  const closes = prices.slice(0, 200).map(bar => Object.fromEntries(Object.entries(bar).filter(([name]) => told.has(name))))
  const { trading } = await readReportData(
    madeRun({ tables: { model: model.slice(0, 100), trades: trades.slice(0, 3), prices: closes } }),
  )
  const volumes = Object.values(trading?.prices.pairs ?? {}).flatMap(candles => candles.volume)
  expect(volumes.length).toBe(200)
  expect(volumes.every(units => units === 0)).toBe(true)
})
