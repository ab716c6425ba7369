import { createHash } from 'node:crypto'
import { readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OperatorError, Table } from '../../src/core/index.js'
import { bucketsOf, sample } from '../../src/report/down-sample.js'
import { readReportData, reportLimits, writeReport } from '../../src/report/index.js'
import { drawdownOf } from '../../src/report/model-lines.js'
import { escaped } from '../../src/report/plain-page.js'
import { approvalsIn, CorruptFile } from '../../src/storage/index.js'
import { type MetricName, metricNames, type PatternRow } from '../../src/trading/index.js'
import { hour, pattern, start } from '../storage/makers.js'
import { described, temporary } from '../storage/support.js'
import { times } from '../tier.js'
import { hostile, madeRun, runOf, tradingRun } from './report-runs.js'

const written = async (directory: string) => readFileSync(await writeReport(directory), 'utf8')
/** The page without its script, style and data: what a reader sees. */
const visible = (page: string) => page.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
const text = (page: string) =>
  visible(page)
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ')

/** A run that trades and has these approvals, of z 4.25 and p 0.00001 where they say nothing else. */
const approvedRun = (approvals: readonly Partial<PatternRow>[]) => {
  const model = [{ step: 1, time: start, baseline: 1, mycelial: 1, synthesized: 1, hold: 1 }]
  const found = { status: 'approved', score: 4.25, p: 0.00001, valueBasis: 'forward bars' } as const
  return madeRun({ tables: { model }, patterns: approvals.map((given, i) => ({ ...pattern(i), ...found, ...given })) })
}
const approvedRows = (page: string) => {
  const [, table = ''] = /<h3>Approved patterns<\/h3>[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(page) ?? []
  return table.split('</tr>').filter(row => row.includes('<td>'))
}

describe('a report', () => {
  it('is one file that may fetch nothing, and runs only the script it holds', async () => {
    const page = await written(tradingRun())
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(page) ?? []
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const sha256 = (given: string) => `sha256-${createHash('sha256').update(given).digest('base64')}`
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain(sha256(script))
    expect(policy).toContain(sha256(style))
    expect(script).toContain('u-over')
    expect(visible(page)).not.toMatch(/\s(src|href)="(?!#)/)
    expect(style).not.toMatch(/url\(|@import/)
  })

  it('is the same, byte for byte, for the same run', async () => {
    const directory = tradingRun()
    const first = await written(directory)
    expect(await written(directory)).toBe(first)
  })

  it('S6: shows names as the text they are', async () => {
    const page = await written(tradingRun())
    expect(visible(page)).not.toContain('<img')
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(visible(page)).toContain('&lt;img src=x onerror=')
    expect(text(page)).toContain('&lt;/script&gt;')
  })

  it('S6: lets no value end the script its data stand in', async () => {
    const [, frame = ''] = /<script type="text\/plain" id="frame">([^<]*)<\/script>/.exec(await written(tradingRun())) ?? []
    expect(frame).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(escaped('"><\'&')).toBe('&quot;&gt;&lt;&#39;&amp;')
  })

  it('writes what is undefined as a dash, with the reason', async () => {
    const page = await written(tradingRun())
    expect(page).toContain('– (needs 30 whole UTC days, has 0)')
    expect(page).not.toMatch(/>(NaN|null|undefined|Infinity)</)
  })

  it('shows every portfolio its own figures, in its card, in the table of all figures and in the sentence', async () => {
    // Figure by figure another number for each, so that no portfolio and no figure can stand in another's place.
    const names = ['baseline', 'mycelial', 'synthesized', 'buyAndHold'] as const
    const values = (k: number) => Object.fromEntries(metricNames.map((name, i) => [name, (k + 1) * 100 + i + 0.25]))
    const { baseline, mycelial, synthesized, buyAndHold } = Object.fromEntries(
      names.map((name, k) => [name, { ...values(k), cagr: null, reasons: { cagr: `why of ${name}` } }]),
    )
    const summary = { portfolios: { baseline, mycelial, synthesized }, buyAndHold }
    const page = visible(await written(tradingRun({ summary })))
    const cells = (row: string) => [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map(([, cell = '']) => text(cell).trim())
    const [, all = ''] = /<h3>Figures of the portfolios<\/h3>([\s\S]*?)<\/table>/.exec(page) ?? []
    const [head = [], ...rows] = [...all.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row = '']) => cells(row))
    expect(head.slice(1)).toEqual(['Baseline', 'Mycelial', 'Synthesized', 'Buy and hold'])
    const intervals = metricNames.filter(name => name.endsWith('95'))
    expect(rows).toHaveLength(metricNames.length - intervals.length)
    const labels = {
      fees: 'Fees',
      slippage: 'Slippage',
      borrow: 'Borrowing',
      turnover: 'Turnover, × equity',
      days: 'Whole days',
      trades: 'Trades',
    }
    for (const [name, label] of Object.entries(labels)) {
      const place = metricNames.indexOf(name as MetricName)
      const row = rows
        .find(([first]) => first === label)
        ?.slice(1)
        .map(cell => Number(cell.replace(/[^\d.]/g, '')))
      const shown = row?.map(value => Math.floor(value))
      expect(shown, label).toEqual(names.map((_, k) => (k + 1) * 100 + place))
    }
    // What has an interval stands with its half-width, in the units of the figure: percent for shares.
    const withIntervals = {
      sharpe: ['Sharpe', 1],
      sortino: ['Sortino', 1],
      expectancy: ['Mean P&amp;L of a trade', 1],
      expectancyReturn: ['Mean return of a trade', 100],
    } as const
    const value = (name: string, k: number, unit: number) =>
      ((k + 1) * 100 + metricNames.indexOf(name as MetricName) + 0.25) * unit
    const pairsOf = (said: string) => said.split('±').map(part => Number(part.replace(/[^\d.]/g, '')))
    for (const [name, [label, unit]] of Object.entries(withIntervals)) {
      const row = rows.find(([first]) => first === label)?.slice(1)
      const both = names.map((_, k) => [value(name, k, unit), value(`${name}95`, k, unit)])
      expect(row?.map(pairsOf), label).toEqual(both)
    }
    const titles = ['Baseline', 'Mycelial', 'Synthesized', 'Buy and hold']
    const cards = titles.map(title => [title, text(new RegExp(`<h3>${title}</h3>([\\s\\S]*?)<h3>`).exec(page)?.[1] ?? '')])
    for (const [k, [, card = '']] of cards.entries())
      for (const [name, [label, unit]] of Object.entries(withIntervals)) {
        const [, said = ''] = card.replaceAll(',', '').split(` ${label} `)
        const [, own = '', half = ''] = /^\D*([\d.]+)[^\d]*? ± \D*([\d.]+)/.exec(said) ?? []
        expect([Number(own), Number(half)], label).toEqual([value(name, k, unit), value(`${name}95`, k, unit)])
      }
    const returned = names.slice(0, 3).map((name, k) => `${name} +${(k + 1) * 10_000 + 25}`)
    for (const said of returned)
      expect(
        text(page)
          .replace(/[,.]\d %/g, '')
          .replaceAll(',', ''),
      ).toContain(said)
    for (const name of names) expect(page).toContain(`– (why of ${name})`)
  })

  it('says why a figure has no interval, and nothing of one where an older run knew none', async () => {
    const figures = { sharpe: 1.5, expectancy: 2, expectancy95: null, reasons: { expectancy95: 'needs 30 finished trades' } }
    const summary = { portfolios: { baseline: figures } }
    const page = visible(await written(tradingRun({ summary })))
    expect(page).toMatch(/<dt>Mean P&amp;L of a trade<\/dt><dd>[^<]* ±\u00a0– \(needs 30 finished trades\)/)
    expect(page).toContain('<dt>Sharpe</dt><dd>1.50</dd>')
  })

  it('shows z and p of an approval as two figures, and says of one whose value does not pay that it is not traded', async () => {
    const page = visible(await written(approvedRun([{ traded: true }, { traded: false, value: -0.001 }])))
    const [paid = '', unpaid = ''] = approvedRows(page)
    expect(page).toContain('z: pooled over the forward bars')
    expect(page).toContain('p: one-sided, of the forward bars')
    expect(paid).toContain('<td>4.250</td><td>1.00e−5</td>')
    expect(paid).toContain('<td>forward bars</td>')
    expect(text(paid)).toContain('in force')
    expect(text(unpaid)).toContain('known, not traded')
    expect(text(unpaid)).not.toContain('in force')
  })

  it('reads the approvals of an older run, whose file has no column for p and whose score is that p', async () => {
    const directory = approvedRun([{ score: 0.012 }])
    const db = new Database(join(directory, 'mycelial_patterns.db'))
    for (const column of ['p', 'value_basis', 'traded']) db.exec(`ALTER TABLE patterns DROP COLUMN ${column}`)
    db.close()
    const { patterns } = await readReportData(directory)
    expect(patterns?.approved).toMatchObject([{ z: null, p: 0.012, valueBasis: null, traded: null }])
    expect(approvalsIn(join(directory, 'mycelial_patterns.db'))).toMatchObject([{ traded: null }])
    const [row = ''] = approvedRows(visible(await written(directory)))
    expect(row).toContain('<td>0.01200</td>')
    expect(text(row)).toContain('in force')
  })

  it('starts the funnel of patterns at the hypotheses', async () => {
    const page = visible(await written(tradingRun()))
    expect(page).toContain('<td>hypotheses</td><td>100</td>')
  })

  it('says where there are no controls when they are computed, and where there is nothing to compare that there is not', async () => {
    const baseline = { rule: 'talkative', trend: null, views: 3, standing: 0, unpaid: 0 }
    const never = text(await written(tradingRun({ summary: { baseline, portfolios: {} } })))
    expect(never).toContain('Controls are computed at the end of a finished simulated run.')
    expect(never).not.toContain('No finished trades to compare.')
    const controls = { randomEntry: null, mycelialThinned: null, baselineThinned: null }
    const empty = text(await written(tradingRun({ summary: { baseline, controls, portfolios: {} } })))
    expect(empty).toContain('No finished trades to compare.')
    expect(empty).not.toContain('Controls are computed')
  })

  it('says once which pairs’ data ended with a position open, and what that cost', async () => {
    const dataEnded = [{ pair: 'XTZUSD', lastBarEnd: Date.UTC(2023, 4, 1, 12), positions: 1 }]
    const said =
      'Data ended: XTZUSD after 2023-05-01 12:00 UTC, 1 position; closed 7.5 % worse than the last close, at which they were marked until then.'
    const page = text(await written(tradingRun({ summary: { portfolios: {}, dataEnded, dataEndedLoss: 0.075 } })))
    expect(page.split(said)).toHaveLength(2)
    expect(text(await written(tradingRun({ summary: { portfolios: {}, dataEnded: [] } })))).not.toContain('Data ended')
  })

  it('tells a planted cause from its echo and from a false discovery, and what was not found', async () => {
    const directory = tradingRun()
    const { patterns } = await readReportData(directory)
    expect(patterns?.approved.map(p => [p.pattern, p.truth])).toEqual([
      ['code:Rust|level|0|SOLUSD|1', 'planted'],
      ['code:Rust|change|0|SOLUSD|1', 'echo'],
      ['code:Go|level|1|SOLUSD|4', 'placebo'],
    ])
    expect(patterns?.planted?.map(c => [c.driver, c.foundAt])).toEqual([
      ['code:Rust', 2],
      ['code:Python', null],
    ])
    const page = text(await written(directory))
    expect(page).toContain('1 of 2 planted causes found')
    expect(page).toContain('false discovery')
    expect(page).toContain('1 of the 2 planted causes among them; 1 is a false discovery in placebo noise')
  })

  it('adds up what every agent contributed', async () => {
    const { trading } = await readReportData(tradingRun())
    expect(trading?.contributions).toEqual([
      { agent: 'PatternLearner-3', agents: 1, ideas: 1, candidates: 3, trades: 1, wins: 1, pnl: { mycelial: 7.25 } },
      { agent: hostile, agents: 1, ideas: 2, candidates: 0, trades: 1, wins: 0, pnl: { baseline: -2.5 } },
    ])
  })

  it('shades the halts, leaves filled bars out of the price, and shows each moat as a product', async () => {
    const { trading } = await readReportData(tradingRun())
    const at = (step: number) => start / 1_000 + step * 3_600
    expect(trading?.halted).toEqual([{ portfolio: 'baseline', from: at(2), to: at(3) }])
    expect(trading?.prices.pairs.SOLUSD?.time).toEqual([start + hour, start + 3 * hour])
    expect(trading?.prices.pairs.SOLUSD?.close).toEqual([11, 13])
    expect(trading?.moats.map(m => [m.moat, m.products, m.counts, m.streams.map(s => s.recent)])).toEqual([
      ['Code', ['technology trends'], { candidate: 3, approved: 3 }, [[[0.5, 1, 1.5]]].flat()],
    ])
  })

  it('shows realism, counters, rejected inputs by reason and the quarantined', async () => {
    const page = text(await written(tradingRun()))
    for (const words of [
      'not ok',
      '9…73',
      'the last 300 of 12,000 bars',
      'no real windows of 300 bars',
      'published 12,345',
      'high below low 2',
      'asked 5',
      'collided 3 times, where chance alone gives 1.3 ± 0.5 (p 0.010). In opposite directions they met 1 time, where chance alone gives 1.5 ± 0.8 (p 0.800)',
      'Memory changed the confidence of 30 of 40 ideas, by 1.032 on average: 2 refused, 5 sized up, 3 sized down.',
      'Quarantined agents',
    ]) {
      expect(page).toContain(words)
    }
  })
})

describe('a model that does not trade', () => {
  const wealth = () =>
    madeRun({
      tables: {
        model: [1, 2, 3].map(step => ({ step, gini: step / 10 })),
        'agents:Person': [1, 2, 3].flatMap(step =>
          [0, 1, 1, 4].map((w, id) => ({ step, id, wealth: w * step, mood: id > 2 ? 'glad' : 'calm' })),
        ),
      },
    })

  it('gets a chart of each of its numbers and how its agents stand at the end', async () => {
    const directory = wealth()
    const { model, spreads, trading } = await readReportData(directory)
    expect(trading).toBeNull()
    expect(model).toEqual({ x: [1, 2, 3], lines: { gini: [0.1, 0.2, 0.3] } })
    expect(spreads.map(s => [s.column, s.step, s.bars.reduce((n, bar) => n + bar.count, 0)])).toEqual([
      ['wealth', 3, 4],
      ['mood', 3, 4],
    ])
    expect(spreads[1]?.bars).toEqual([
      { label: 'calm', count: 3 },
      { label: 'glad', count: 1 },
    ])
    const page = await written(directory)
    expect(page).toContain('<h3>gini</h3>')
    expect(text(page)).not.toMatch(/Equity|paper money/i)
  })
})

describe('fewer points', () => {
  const series = fc.array(
    fc.oneof(
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(x => x + 0),
      fc.constant(Number.NaN),
    ),
    {
      minLength: 1,
      maxLength: 400,
    },
  )

  it('keep the extremes and both ends, and are never more than asked', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 6, max: 60 }), (values, points) => {
        const buckets = bucketsOf(values.length, points)
        const kept = sample(values, buckets, 17)
        const there = values.filter(Number.isFinite)
        const shown = kept.filter(value => value !== null)
        expect(kept).toHaveLength(buckets.places.length)
        expect(kept.length).toBeLessThanOrEqual(points)
        expect([...buckets.places]).toEqual([...buckets.places].sort((a, b) => a - b))
        const ends = (list: readonly number[]) => [Math.min(...list), Math.max(...list)]
        expect(ends(shown)).toEqual(ends(there))
        expect(kept.at(-1)).toBe(Number.isFinite(values.at(-1)) ? values.at(-1) : null)
      }),
    )
  })

  it('come after the drawdown is taken, so that it is that of every bar', () => {
    expect([...drawdownOf(Float64Array.of(100, 80, 120, 90))]).toEqual([0, -0.19999999999999996, 0, -0.25])
  })

  it('keep a long run of 18 pairs under 3 MB, at night 30,000 bars with 36,000 trades', async () => {
    const [bars, trades] = [times(3_000, 30_000), times(6_000, 36_000)]
    const directory = runOf(longTables(bars, trades), { patterns: [] })
    const data = await readReportData(directory)
    expect(statSync(await writeReport(directory)).size).toBeLessThan(3e6)
    const { trading } = data
    expect(trading?.equity.x.length).toBeLessThanOrEqual(reportLimits.points)
    expect(trading?.trades).toHaveLength(trades)
  }, 120_000)
})

/** Prices that wander, written as the collector writes them. */
function longTables(bars: number, tradeCount: number): Table[] {
  const portfolios = { baseline: 1, mycelial: 1, synthesized: 1, hold: 1 }
  const model = new Table('model', described([{ step: 1, time: start, ...portfolios }]))
  const prices = new Table('prices', described([{ time: start, pair: 'x', close: 1, flags: 0 }]))
  const times = { entry_time: start, exit_time: start }
  const numbers = { ...times, entry_price: 1, exit_price: 1, pnl_e6: 0 }
  const trades = new Table('trades', described([{ portfolio: 'x', pair: 'x', agent: 'x', direction: 1, ...numbers }]))
  const add = (to: Table, cells: readonly (number | string)[]) => {
    let i = 0
    for (const column of to.columns.values()) column.push(cells[i++] ?? null)
  }
  for (let step = 1; step <= bars; step++) {
    const time = start + step * hour
    const wander = (k: number) => 100 + 60 * Math.sin(step / (700 + 31 * k)) + Math.sin(step * (k + 1.37)) * 3
    add(model, [step, time, 1e5 * wander(1), 1e5 * wander(2), 1e5 * wander(3), 1e5 * wander(4)])
    for (let pair = 0; pair < 18; pair++) add(prices, [time, `P${pair}USD`, wander(pair), 0])
  }
  for (let i = 0; i < tradeCount; i++) {
    const entry = start + (1 + ((i * 7) % (bars - 30))) * hour
    const portfolio = ['baseline', 'mycelial', 'synthesized'][i % 3] ?? ''
    const [price, agent] = [100 + (i % 977) / 8, `TechnicalAnalysis-${i % 15}`]
    add(trades, [
      portfolio,
      `P${i % 18}USD`,
      agent,
      i % 2 ? 1 : -1,
      entry,
      entry + 24 * hour,
      price,
      price + 1,
      (i % 5_000) * 12_345 - 3e7,
    ])
  }
  return [model, prices, trades]
}

describe('what cannot be read', () => {
  it('is refused where the directory is not a run’s', async () => {
    await expect(writeReport(temporary())).rejects.toThrow(OperatorError)
    await expect(writeReport(temporary())).rejects.toThrow(/manifest\.json/)
  })

  it('is named where a table was cut short', async () => {
    const directory = tradingRun()
    truncateSync(join(directory, 'trades.parquet'), 200)
    await expect(readReportData(directory)).rejects.toThrow(CorruptFile)
    await expect(readReportData(directory)).rejects.toThrow(/trades\.parquet/)
  })

  it('is left out where a run ended before it wrote any table', async () => {
    const directory = runOf([], { manifest: { status: 'interrupted', digest: null, steps: 0 } })
    const page = await written(directory)
    expect(text(page)).toContain('interrupted')
    expect(page).toContain('– (the run is interrupted)')
  })
})
