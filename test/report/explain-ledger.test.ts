/** Stories from the ledger of a live run that has no Parquet files yet. */

import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { Cell } from '../../src/core/index.js'
import { explainDecisions } from '../../src/report/index.js'
import { decisionColumns } from '../../src/trading/index.js'
import { hour, start } from '../storage/makers.js'
import { madeRun } from './report-runs.js'

const decision: Record<string, Cell> = {
  id: 5,
  step: 3,
  time: start + 3 * hour,
  portfolio: 'mycelial',
  pair: 'SOLUSD',
  direction: 1,
  agent: 'PatternLearner-3',
  pattern: 'code:Rust|level|1|SOLUSD|4',
  idea_id: 'PatternLearner-3:3:0',
  agreeing_idea_id: null,
  confidence: 0.8,
  memory_factor: 1,
  memory_cases: 0,
  rsi: null,
  macd: null,
  bollinger: null,
  trend: null,
  outcome: 'entry',
  wanted_e8: 300_000_000,
  allowed_e8: 100_000_000,
  rules_passed: 12,
  findings:
    'largestTrade=200000000 largestTrade.measured=30 largestTrade.limit=20 grossLimit=100000000 grossLimit.measured=0.312 grossLimit.limit=0.3',
  order_id: 'mycelial:3:PatternLearner-3:0:entry',
  trade_id: 'mycelial:3:PatternLearner-3:0',
  met_trade_id: null,
}

/** The directory of a live run whose ledger has these decisions. */
function liveRun(decisions: readonly Record<string, Cell>[]): string {
  const path = madeRun({ tables: {}, patterns: [], manifest: { verb: 'live', status: 'running' } })
  const db = new Database(join(path, 'trades.db'))
  const names = ['step', ...Object.keys(decisionColumns)]
  db.exec(`CREATE TABLE IF NOT EXISTS decisions (${names.join(', ')})`)
  const insert = db.prepare(`INSERT INTO decisions (${names.join(', ')}) VALUES (${names.map(name => `@${name}`).join(', ')})`)
  for (const row of decisions) insert.run(row)
  db.prepare(
    'INSERT INTO halts (id, book, kind, is_on, time_ms, until_ms, pair, reason, ends) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(
    `mycelial:dailyLoss:all:${start}`,
    'mycelial',
    'dailyLoss',
    1,
    start,
    start + 24 * hour,
    null,
    'a loss of 2 USD today reaches 2 USD',
    'at 2024-01-02T00:00:00Z',
  )
  db.close()
  return path
}

const told = async (given: Record<string, Cell>) => {
  const { decisions } = await explainDecisions(liveRun([{ ...decision, ...given }]), { what: 'PatternLearner-3:3:0' })
  return decisions[0]?.sentences ?? []
}

it('says which rules made the quantity smaller, from what to what, with what each measured', async () => {
  const sentences = await told({})
  const from = sentences.indexOf('Wanted: 3 units at the last known price.')
  expect(sentences.slice(from)).toEqual([
    'Wanted: 3 units at the last known price.',
    'The trade would have cost 30.00 USD; the limit of the rule largestTrade is 20.00 USD.',
    'So the rule largestTrade made the quantity smaller, from 3 units to 2 units.',
    'All positions together would have been 31.2 % of equity; the limit of the rule grossLimit is 30 %.',
    'So the rule grossLimit made the quantity smaller, from 2 units to 1 units.',
    'Rules of the gate that allowed it: 12; none refused it.',
    'An order to enter was placed.',
    'The order mycelial:3:PatternLearner-3:0:entry is to buy 1 units.',
    'This record does not say how the order ended.',
  ])
})

it('says what it does not know: the idea, its indicators', async () => {
  const sentences = await told({})
  expect(sentences).toContain('No indicator was known yet.')
  expect(sentences).toContain(
    'PatternLearner-3 proposed the idea PatternLearner-3:3:0: SOLUSD rises. The idea itself is not in this record.',
  )
})

it('says why a lock in force refused it, and until when', async () => {
  const refused = {
    outcome: 'dailyLoss',
    allowed_e8: 0,
    findings: `lock=mycelial:dailyLoss:all:${start}`,
    order_id: null,
    trade_id: null,
  }
  const sentences = await told(refused)
  const began = new Date(start).toISOString().slice(0, 16).replace('T', ' ')
  expect(sentences).toContain(
    `The lock mycelial:dailyLoss:all:${start} refused it. The loss of this UTC day has reached its limit; entries go on at 00:00 UTC.`,
  )
  expect(sentences).toContain(
    `It began at ${began} UTC: a loss of 2 USD today reaches 2 USD. What ends it: at 2024-01-02T00:00:00Z.`,
  )
  expect(sentences.at(-1)).toBe('Nothing was done.')
})

it('tells the newest twenty of many decisions, and how many there are', async () => {
  const many = Array.from({ length: 25 }, (_, i) => ({ ...decision, id: i + 1 }))
  const { total, decisions } = await explainDecisions(liveRun(many), { what: 'PatternLearner-3:3:0' })
  expect([total, decisions.length, decisions[0]?.decision.id]).toEqual([25, 20, 25])
})

it('refuses a run without decisions, with a way on', async () => {
  const path = madeRun({ tables: {}, patterns: [] })
  await expect(explainDecisions(path, { what: 'a' })).rejects.toThrow(/expected decisions.parquet, or the table decisions/)
})
