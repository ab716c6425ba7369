/** The stories of decisions, each sentence against the tables as another program reads them. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { run } from 'mycelia/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explainDecisions } from '../../src/report/index.js'
import { command } from '../cli/in-process.js'

const folder = mkdtempSync(join(tmpdir(), 'mycelia-explain-'))
const at = join(folder, 'run')
let duck: DuckDBConnection

type Row = Readonly<Record<string, string | number | boolean | null>>

/** The rows of a query over the run's tables, each written `@decisions`; numbers as numbers, times in ms. */
async function query(sql: string): Promise<Row[]> {
  const read = await duck.runAndReadAll(sql.replace(/@(\w+)/g, `(SELECT * FROM '${at}/$1.parquet')`))
  return read.getRowObjects().map(row => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plain(cell)])))
}

function plain(cell: unknown): Row[string] {
  if (typeof cell === 'bigint') return Number(cell)
  if (typeof cell === 'object' && cell !== null && 'millis' in cell) return Number(cell.millis)
  if (typeof cell === 'object' && cell !== null && 'micros' in cell) return Number(cell.micros) / 1_000
  return cell as Row[string]
}

const one = async (sql: string): Promise<Row> => {
  const [row] = await query(sql)
  if (row === undefined) throw new Error(`no row: ${sql}`)
  return row
}

const decimals = (most: number, least = 0) =>
  new Intl.NumberFormat('en-US', { maximumFractionDigits: most, minimumFractionDigits: least })
const units = (e8: unknown) => `${decimals(8).format(Number(e8) / 1e8)} units`
const percent = (share: unknown, digits = 1) => `${decimals(digits).format(Number(share) * 100)} %`
const money = (e6: unknown) => Math.abs(Number(e6)) / 1e6
const instant = (ms: unknown) => {
  const iso = new Date(Number(ms)).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${iso.slice(16, 23) === ':00.000' ? '' : iso.slice(16, 23).replace('.000', '')} UTC`
}
const near = (text: string | undefined, value: unknown, digits: number) =>
  expect(Math.abs(Number(text?.replaceAll(',', '')) - Number(value))).toBeLessThanOrEqual(0.5001 * 10 ** -digits)

/** Each kind of sentence: how it is told from others, and what of the tables it must say. `d` is the row of the decision. */
const kinds: Readonly<Record<string, { is: RegExp; check?: (parts: string[], d: Row) => Promise<void> | void }>> = {
  head: {
    is: /^Decision (\d+): at (.*) \(after step ([\d,]+)\) the (\w+) portfolio decided about (\w+)\.$/,
    check: ([id, time, step, portfolio, pair], d) =>
      expect([id, time, step, portfolio, pair]).toEqual([
        `${d.id}`,
        instant(d.time),
        decimals(0).format(Number(d.step)),
        d.portfolio,
        d.pair,
      ]),
  },
  seen: {
    is: /^Seen: a relative strength index of (\S+), a MACD histogram of (\S+), a place in the Bollinger band of (\S+) \(.*\) and an EMA of 24 bars minus that of 96 bars of (\S+) average true ranges\.$/,
    check: ([rsi, macd, bollinger, trend], d) => {
      near(rsi, d.rsi, 1)
      near(macd, d.macd, 6)
      near(bollinger, d.bollinger, 2)
      near(trend, d.trend, 2)
    },
  },
  market: {
    is: /^The market was (\w+); the average true range was (\S+) % of the price\.$/,
    check: async ([regime, range], d) => {
      const idea = await one(`SELECT regime, atr FROM @ideas WHERE id = '${d.idea_id}'`)
      expect(regime).toBe(['calm', 'normal', 'stormy'][Number(idea.regime)])
      near(range, Number(idea.atr) * 100, 2)
    },
  },
  proposed: {
    is: /^(\S+) proposed the idea (\S+): (\w+) (rises|falls), with a confidence of (.*), within (\d+) bars? of 1 h\.$/,
    check: async ([agent, id, pair, way, confidence, bars], d) => {
      const idea = await one(`SELECT * FROM @ideas WHERE id = '${d.idea_id}'`)
      expect([agent, id, pair, way]).toEqual([idea.agent, idea.id, idea.pair, idea.direction === 1 ? 'rises' : 'falls'])
      expect([confidence, Number(bars), idea.bar_ms]).toEqual([percent(idea.confidence), idea.horizon_bars, 3_600_000])
    },
  },
  expected: {
    is: /^It expected a gross return of (\S+) % by then\.$/,
    check: async ([share], d) => {
      const { prediction } = await one(`SELECT prediction FROM @ideas WHERE id = '${d.idea_id}'`)
      near(share, Number(prediction) * 100, 2)
    },
  },
  indicators: {
    is: /^Behind it stood indicators, and no pattern\.$/,
    check: (_, d) => expect(d.pattern).toBeNull(),
  },
  pattern: {
    is: /^Behind it stood the pattern (\S+?)(?: and (\d+) more)?, of (.*)\.$/,
    check: async ([pattern, more, moats], d) => {
      const idea = await one(`SELECT pattern, moats FROM @ideas WHERE id = '${d.idea_id}'`)
      const behind = await query(`SELECT pattern FROM @idea_patterns WHERE idea_id = '${d.idea_id}'`)
      expect([pattern, Number(more ?? 0) + 1]).toEqual([idea.pattern, behind.length])
      expect(moats?.split(/, | and /).join(' ')).toBe(idea.moats)
    },
  },
  alone: {
    is: /^The (\w+) portfolio acts on single ideas, so no other idea had to agree\.$/,
    check: ([portfolio], d) => expect([portfolio, d.agreeing_idea_id]).toEqual([d.portfolio, null]),
  },
  agreed: {
    is: /^(\S+) agreed in the idea (\S+), with a confidence of (.*); the confidence of both together is their mean, (.*)\.$/,
    check: async ([agent, id, own, mean], d) => {
      const pair = await query(`SELECT agent, id, confidence FROM @ideas WHERE id IN ('${d.idea_id}', '${d.agreeing_idea_id}')`)
      const other = pair.find(row => row.id === d.agreeing_idea_id)
      expect([agent, id, own]).toEqual([other?.agent, d.agreeing_idea_id, percent(other?.confidence)])
      expect(mean).toBe(percent(pair.reduce((sum, row) => sum + Number(row.confidence), 0) / 2))
    },
  },
  unremembered: {
    is: /^Memory was not consulted\.$/,
    check: (_, d) => expect([d.memory_factor, d.portfolio]).toEqual([null, 'baseline']),
  },
  remembered: {
    is: /^Memory knew similar trades that weigh (\S+) together and multiplied the confidence by (\S+)\.$/,
    check: ([cases, factor], d) => {
      near(cases, d.memory_cases, 2)
      near(factor, d.memory_factor, 4)
    },
  },
  moved: {
    is: /^So the confidence went from (\S+ %) to (\S+ %)\.$/,
    check: async ([before, after], d) => {
      const said = await recollection(d)
      const idea = await one(`SELECT confidence FROM @ideas WHERE id = '${d.idea_id}'`)
      expect([before, after]).toEqual([percent(said.confidence), percent(idea.confidence)])
    },
  },
  record: {
    is: /^Of the weight of (\S+), (\S+) had won; (?:(\S+) is of trades on patterns of the same moat, (\S+) of them won|all of it is of other moats)\.$/,
    check: async ([cases, won, same, sameWon], d) => {
      const said = await recollection(d)
      near(cases, said.cases, 2)
      near(won, said.won, 2)
      near(same ?? '0', said.same_moat_cases, 2)
      near(sameWon ?? '0', said.same_moat_won, 2)
    },
  },
  nearest: {
    is: /^The nearest of them, the nearest first: (.*)\.$/,
    check: async ([list], d) => {
      const { nearest } = await recollection(d)
      const told = [...String(list).matchAll(/(\S+) \((won|lost) (\S+) USD\)/g)]
      expect(told.map(([, id]) => id).join(' ')).toBe(nearest)
      for (const [, id, how, sum] of told) {
        const { pnl_e6 } = await one(`SELECT pnl_e6 FROM @trades WHERE trade_id = '${id}'`)
        expect(how).toBe(Number(pnl_e6) > 0 ? 'won' : 'lost')
        near(sum, money(pnl_e6), 2)
      }
    },
  },
  wanted: {
    is: /^Wanted: (.*) at the last known price\.$/,
    check: ([wanted], d) => expect(wanted).toBe(units(d.wanted_e8)),
  },
  allowed: {
    is: /^Rules of the gate that allowed it: (\d+); none refused it\.$/,
    check: ([passed], d) => expect(Number(passed)).toBe(d.rules_passed),
  },
  allowedBefore: {
    is: /^Rules of the gate that allowed it before: (\d+)\.$/,
    check: ([passed], d) => expect(Number(passed)).toBe(d.rules_passed),
  },
  noneBefore: { is: /^No rule of the gate was asked before\.$/, check: (_, d) => expect(d.rules_passed).toBe(0) },
  notJudged: { is: /^The rules of the gate were not asked\.$/, check: (_, d) => expect(d.rules_passed).toBe(0) },
  gross: {
    is: /^All positions together would have been (\S+) % of equity; the limit of the rule grossLimit is (\S+) %\.$/,
    check: ([measured, limit], d) => {
      expect(d.outcome).toBe('grossLimit')
      near(measured, finding(d, 'measured') * 100, 1)
      near(limit, 10, 9)
    },
  },
  confidence: {
    is: /^The confidence was (\S+) %; the rule lowConfidence asks for at least (\S+) %\.$/,
    check: ([measured, limit], d) => {
      near(measured, Number(d.confidence) * 100, 1)
      near(limit, 55, 9)
    },
  },
  refused: { is: /^So the rule (\w+) refused it\.$/, check: ([code], d) => expect(code).toBe(d.outcome) },
  lock: {
    is: /^The lock (\S+) refused it\. The loss from the peak has reached its limit, so entries are halted\.$/,
    check: ([id], d) => expect([d.findings, d.outcome]).toEqual([`lock=${id}`, 'drawdown']),
  },
  lockBegan: {
    is: /^It began at (.*): (loss of .*)\. What ends it: (.*)\.$/,
    check: async (said, d) => {
      const row = await one(`SELECT * FROM @locks WHERE 'lock=' || id = '${d.findings}' AND "on"`)
      expect(said).toEqual([instant(row.time), row.reason, row.ends])
      expect(Number(row.time)).toBeLessThanOrEqual(Number(d.time))
    },
  },
  lockEnded: {
    is: /^It ended at (.*): (.*)\.$/,
    check: async (said, d) => {
      const row = await one(`SELECT * FROM @locks WHERE 'lock=' || id = '${d.findings}' AND NOT "on"`)
      expect(said).toEqual([instant(row.time), row.reason])
      expect(Number(row.time)).toBeGreaterThanOrEqual(Number(d.time))
    },
  },
  entry: { is: /^An order to enter was placed\.$/, check: (_, d) => expect(d.outcome).toBe('entry') },
  renewal: { is: /^An order was placed that extends the position /, check: (_, d) => expect(d.outcome).toBe('renewal') },
  exit: { is: /^The signal was opposite to the position, so an order /, check: (_, d) => expect(d.outcome).toBe('exit') },
  cancels: { is: /^The signal was opposite to an entry that waited/, check: (_, d) => expect(d.outcome).toBe('cancelsEntry') },
  standing: { is: /^The baseline’s entry rule has acted on this view/, check: (_, d) => expect(d.outcome).toBe('standing') },
  unpaid: {
    is: /^The move that the view expects is below the cost of a round trip\.$/,
    check: (_, d) => expect(d.outcome).toBe('unpaid'),
  },
  nothing: { is: /^Nothing was done\.$/, check: (_, d) => expect([d.order_id, d.trade_id]).toEqual([null, null]) },
  order: {
    is: /^The order (\S+) is to (buy|sell) (.*)\.$/,
    check: ([id, side, qty], d) =>
      expect([id, side, qty]).toEqual([d.order_id, d.direction === 1 ? 'buy' : 'sell', units(d.allowed_e8)]),
  },
  met: { is: /^The (?:trade is|position is that of the trade) (\S+)\.$/, check: ([id], d) => expect(id).toBe(d.met_trade_id) },
  renewed: {
    is: /^The position was renewed to the end of the new horizon, without a trade\.$/,
    check: async (_, d) => {
      const order = await one(`SELECT * FROM @orders WHERE order_id = '${d.order_id}'`)
      expect([order.state, order.reason, order.filled_e8]).toEqual(['cancelled', 'extended', 0])
    },
  },
  filled: {
    is: /^The order (bought|sold) (.*) at (\S+) USD at (.* UTC), for a fee of (\S+) USD\.$/,
    check: async ([did, qty, price, time, fee], d) => {
      const id = d.outcome === 'exit' ? `${d.met_trade_id}:exit` : d.order_id
      const fill = await one(`SELECT * FROM @fills WHERE order_id = '${id}'`)
      expect([did, qty, time]).toEqual([fill.side === 'buy' ? 'bought' : 'sold', units(fill.qty_e8), instant(fill.time)])
      expect(Number(price?.replaceAll(',', ''))).toBeCloseTo(Number(fill.price), 3)
      near(fee, money(fill.fee_e6), 2)
    },
  },
  cancelled: {
    is: /^The order was cancelled, with nothing filled \(known at (.*)\)\.$/,
    check: async ([time], d) => {
      const order = await one(`SELECT * FROM @orders WHERE order_id = '${d.order_id}'`)
      expect([order.state, order.filled_e8, time]).toEqual(['cancelled', 0, instant(order.ended_at)])
    },
  },
  halted: {
    is: /^A lock began that stops entries\.$/,
    check: async (_, d) => {
      const { reason } = await one(`SELECT reason FROM @orders WHERE order_id = '${d.order_id}'`)
      expect(reason).toBe('halted')
    },
  },
  entryOver: {
    is: /^That entry was over at (.*), with 0 units filled\.$/,
    check: async ([time], d) => {
      const order = await one(`SELECT * FROM @orders WHERE order_id = '${d.met_trade_id}:entry'`)
      expect([order.reason, order.filled_e8, instant(order.ended_at)]).toEqual(['opposite', 0, time])
    },
  },
  closed: {
    is: /^The position was closed at (.* UTC) at (\S+) USD, after ([\d,]+) bars?\.$/,
    check: async ([time, price, bars], d) => {
      const trade = await tradeOf(d)
      expect(time).toBe(instant(trade.exit_time))
      expect(Number(price?.replaceAll(',', ''))).toBeCloseTo(Number(trade.exit_price), 3)
      expect(bars).toBe(decimals(0).format(Number(trade.bars_held)))
    },
  },
  closes: {
    is: /^That closed the trade after ([\d,]+) bars?\.$/,
    check: async ([bars], d) => expect(bars).toBe(decimals(0).format(Number((await tradeOf(d)).bars_held))),
  },
  horizonOver: { is: /^Its horizon was over\.$/, check: async (_, d) => expect((await tradeOf(d)).reason).toBe('horizon') },
  opposite: {
    is: /^An idea of the opposite direction came\.$/,
    check: async (_, d) => expect((await tradeOf(d)).reason).toBe('opposite'),
  },
  runEnded: { is: /^The run ended\.$/, check: async (_, d) => expect((await tradeOf(d)).reason).toBe('end') },
  result: {
    is: /^It (earned|lost) (\S+) USD, after fees of (\S+) USD(?: and borrowing of (\S+) USD)?; spread and slippage are in the prices and cost (\S+) USD\.$/,
    check: async ([what, sum, fees, borrow, slippage], d) => {
      const trade = await tradeOf(d)
      expect(what).toBe(Number(trade.pnl_e6) >= 0 ? 'earned' : 'lost')
      near(sum, money(trade.pnl_e6), 2)
      near(fees, money(trade.fees_e6), 2)
      near(borrow ?? '0', money(trade.borrow_e6), 2)
      near(slippage, money(trade.slippage_e6), 2)
    },
  },
}

const recollection = (d: Row) => one(`SELECT * FROM @recollections WHERE idea_id = '${d.idea_id}'`)
const finding = ({ findings }: Row, name: string) => Number(new RegExp(`(?:^| )${name}=(\\S+)`).exec(String(findings))?.[1])

/** The trade that came of a decision's order; of an exit or a renewal, the one of the position. */
const tradeOf = (d: Row) => one(`SELECT * FROM @trades WHERE trade_id = '${d.outcome === 'entry' ? d.trade_id : d.met_trade_id}'`)

/** Checks every sentence, and returns their kinds. */
async function checked(sentences: readonly string[], d: Row): Promise<string[]> {
  const told: string[] = []
  for (const sentence of sentences) {
    const fitting = Object.entries(kinds).filter(([, { is }]) => is.test(sentence))
    expect(fitting, sentence).toHaveLength(1)
    for (const [name, { is, check }] of fitting) {
      told.push(name)
      await check?.((is.exec(sentence) ?? []).slice(1), d)
    }
  }
  return told
}

beforeAll(async () => {
  const params = { grossLimit: 0.1, minConfidence: 0.55, maxDrawdown: 0.01, feeRate: 0.0002 }
  await run({ scenario: 'planted-dense', seed: 1, steps: 3_300, params, out: at })
  duck = await (await DuckDBInstance.create(':memory:')).connect()
}, 240_000)

afterAll(() => {
  duck?.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const seen = ['head', 'seen', 'market', 'proposed', 'expected']
const baseline = [...seen, 'indicators', 'alone', 'unremembered']
const remembered = ['remembered', 'moved', 'record', 'nearest']
const mycelial = [...seen, 'pattern', 'alone', ...remembered]

/** Ten and some decisions: which, and the kinds of sentences that tell them. */
const cases: [name: string, where: string, told: string[]][] = [
  [
    'an entry of the baseline',
    "portfolio = 'baseline' AND outcome = 'entry' AND step > 200 AND order_id IN (SELECT order_id FROM @orders WHERE state = 'filled') AND trade_id IN (SELECT trade_id FROM @trades WHERE reason = 'horizon')",
    [...baseline, 'wanted', 'allowed', 'entry', 'order', 'filled', 'closed', 'horizonOver', 'result'],
  ],
  [
    'an entry that a lock cancelled',
    "outcome = 'entry' AND order_id IN (SELECT order_id FROM @orders WHERE reason = 'halted')",
    [...baseline, 'wanted', 'allowed', 'entry', 'order', 'cancelled', 'halted'],
  ],
  [
    'a refusal by the gross limit',
    "outcome = 'grossLimit'",
    [...baseline, 'wanted', 'gross', 'refused', 'allowedBefore', 'nothing'],
  ],
  [
    'a refusal for too little confidence',
    "outcome = 'lowConfidence' AND portfolio = 'baseline'",
    [...baseline, 'confidence', 'refused', 'noneBefore', 'nothing'],
  ],
  [
    'a refusal that memory brought about',
    "outcome = 'lowConfidence' AND portfolio = 'mycelial'",
    [...mycelial, 'confidence', 'refused', 'noneBefore', 'nothing'],
  ],
  [
    'a refusal by a lock',
    "outcome = 'drawdown'",
    [...baseline, 'wanted', 'lock', 'lockBegan', 'lockEnded', 'allowedBefore', 'nothing'],
  ],
  [
    'a renewal',
    "outcome = 'renewal' AND portfolio = 'baseline'",
    [...baseline, 'wanted', 'allowed', 'renewal', 'order', 'met', 'renewed', 'closed', 'horizonOver', 'result'],
  ],
  ['an exit', "outcome = 'exit'", [...baseline, 'allowed', 'exit', 'met', 'filled', 'closes', 'opposite', 'result']],
  ['a view that stands already', "outcome = 'standing' AND step > 200", [...baseline, 'notJudged', 'standing', 'nothing']],
  ['a view that does not pay', "outcome = 'unpaid'", [...baseline, 'notJudged', 'unpaid', 'nothing']],
  [
    'an entry of the swarm',
    "portfolio = 'mycelial' AND outcome = 'entry' AND memory_cases > 0 AND order_id IN (SELECT order_id FROM @orders WHERE state = 'filled') AND trade_id IN (SELECT trade_id FROM @trades WHERE reason = 'horizon')",
    [...mycelial, 'wanted', 'allowed', 'entry', 'order', 'filled', 'closed', 'horizonOver', 'result'],
  ],
  ['an entry that is cancelled', "outcome = 'cancelsEntry'", [...mycelial, 'allowed', 'cancels', 'met', 'entryOver']],
  [
    'a collision',
    "portfolio = 'synthesized' AND outcome = 'entry' AND trade_id IN (SELECT trade_id FROM @trades WHERE reason = 'horizon')",
    [
      ...seen,
      'pattern',
      'agreed',
      ...remembered,
      'wanted',
      'allowed',
      'entry',
      'order',
      'filled',
      'closed',
      'horizonOver',
      'result',
    ],
  ],
]

describe('a decision of a shipped scenario, explained', () => {
  it.each(cases)('says of %s what the tables say, and nothing else', async (_, where, told) => {
    const d = await one(`SELECT * FROM @decisions WHERE ${where} ORDER BY id DESC LIMIT 1`)
    const { decisions } = await explainDecisions(at, { what: String(d.idea_id), portfolio: String(d.portfolio) })
    const story = decisions.find(({ decision }) => decision.id === d.id)
    expect(await checked(story?.sentences ?? [], d)).toEqual(told)
  })

  it('is found by its idea in every portfolio that received it, newest first', async () => {
    const { idea_id } = await one("SELECT idea_id FROM @decisions WHERE portfolio = 'synthesized' LIMIT 1")
    const rows = await query(`SELECT id FROM @decisions WHERE '${idea_id}' IN (idea_id, agreeing_idea_id) ORDER BY id DESC`)
    const { decisions, total } = await explainDecisions(at, { what: String(idea_id) })
    expect(decisions.map(({ decision }) => decision.id)).toEqual(rows.map(row => row.id))
    expect(total).toBeGreaterThan(1)
  })

  it('is found by its trade, with the decisions that renewed or closed it', async () => {
    const { met } = await one("SELECT met_trade_id AS met FROM @decisions WHERE outcome = 'renewal' LIMIT 1")
    const touching = "outcome IN ('renewal', 'exit', 'cancelsEntry')"
    const rows = await query(
      `SELECT id FROM @decisions WHERE trade_id = '${met}' OR (met_trade_id = '${met}' AND ${touching}) ORDER BY id DESC`,
    )
    const { decisions } = await explainDecisions(at, { what: String(met) })
    expect(decisions.map(({ decision }) => decision.id)).toEqual(rows.map(row => row.id))
  })

  it('is found by pair and time: the latest until then, in each portfolio', async () => {
    const { pair, time } = await one("SELECT pair, time FROM @decisions WHERE portfolio = 'synthesized' ORDER BY id DESC LIMIT 1")
    const rows = await query(
      `SELECT portfolio, max(id) AS id FROM @decisions WHERE pair = '${pair}' AND epoch_ms(time) <= ${time} GROUP BY ALL ORDER BY id DESC`,
    )
    expect(rows).toHaveLength(3)
    const what = `${pair}@${new Date(Number(time)).toISOString()}`
    const { decisions } = await explainDecisions(at, { what })
    expect(decisions.map(({ decision }) => decision.id)).toEqual(rows.map(row => row.id))
    const alone = await explainDecisions(at, { what, portfolio: 'baseline' })
    expect(alone.decisions.map(({ decision }) => decision.portfolio)).toEqual(['baseline'])
  })
})

describe('the table of orders', () => {
  it('has one row for each order of a decision, which says what was filled of it', async () => {
    const placed = await query('SELECT order_id FROM @decisions WHERE order_id IS NOT NULL ORDER BY ALL')
    const ended = await query("SELECT order_id FROM @orders WHERE order_id LIKE '%:entry' ORDER BY ALL")
    expect(ended).toEqual(placed)
    const filled = 'SELECT order_id, filled_e8 FROM @orders WHERE filled_e8 > 0 ORDER BY ALL'
    const fills = 'SELECT order_id, sum(qty_e8)::BIGINT AS filled_e8 FROM @fills GROUP BY ALL ORDER BY ALL'
    expect(await query(filled)).toEqual(await query(fills))
  })

  it('numbers the orders of a portfolio without gaps', async () => {
    const counts =
      'SELECT portfolio, count(*) - max(number) AS off, count(DISTINCT number) - count(*) AS twice FROM @orders GROUP BY ALL'
    for (const { off, twice } of await query(counts)) expect([off, twice]).toEqual([0, 0])
  })
})

describe('mycelia explain', () => {
  it('prints a paragraph a decision, or one JSON object', async () => {
    const { idea_id, id } = await one("SELECT idea_id, id FROM @decisions WHERE outcome = 'grossLimit' LIMIT 1")
    const { stdout } = await command(['explain', at, String(idea_id)])
    expect(stdout.split('\n')[0]).toMatch(new RegExp(`^Decision ${id}: `))
    const json = JSON.parse((await command(['explain', at, String(idea_id), '--json'])).stdout)
    expect(json).toMatchObject({ total: 1, what: idea_id, decisions: [{ decision: { id, outcome: 'grossLimit' } }] })
    expect(json.decisions[0].sentences.join('\n')).toBe(stdout.trimEnd())
  })

  it.each([
    ['a step that an agent had no idea at', ['TechnicalAnalysis-0:148000'], /Did you mean "TechnicalAnalysis-0:\d+" or/],
    ['a misspelt agent', ['TechnicalAnalysys-0:150'], /Did you mean "TechnicalAnalysis-0:\d+" or/],
    ['a misspelt pair', ['SOLUDS@2024-03-01'], /Unknown pair "SOLUDS"\. Did you mean "SOLUSD"\?/],
    ['a time that is none', ['SOLUSD@tomorrow'], /expected an ISO time/],
    ['a time before trading', ['SOLUSD@2010-01-01'], /The first one is at 2024-01-/],
    ['a misspelt portfolio', ['SOLUSD@2024-03-01', '--portfolio', 'sythesized'], /Did you mean "synthesized"\?/],
  ])('refuses %s with a way on', async (_, args, said) => {
    const { code, stderr, stdout } = await command(['explain', at, ...args])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(said)
  })
})
