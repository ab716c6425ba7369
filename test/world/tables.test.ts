/** The tables of runs as another program reads them: DuckDB, over a run in which nothing happened and one in which something did. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { Analyst, type Bar, sparseMarket, swarmScenario, type Vote } from 'mycelia/market'
import { type RunResult, run } from 'mycelia/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readManifest } from '../../src/storage/manifest.js'

const start = Date.UTC(2023, 3, 1)
const hour = 3_600_000

/** Votes once, at a bar the quiet market does not reach. */
class Once extends Analyst {
  judge(bar: Bar): Vote {
    return bar.time === start + 60 * hour ? { direction: 1, confidence: 0.9 } : { direction: 0, confidence: 0 }
  }
}
const once = swarmScenario({
  name: 'once',
  title: 'One vote',
  analysts: { Once },
  market: sparseMarket(),
  defaults: { minConfidence: 0.6, baselineHorizonBars: 24 },
  steps: 2_000,
})

const folder = mkdtempSync(join(tmpdir(), 'mycelia-tables-'))
let duck: DuckDBConnection
let quiet: RunResult
let busy: RunResult

function market(name: string, bars: number): string {
  const path = join(folder, name)
  mkdirSync(path)
  const price = (i: number) => 100 + (i % 7) / 3
  const line = (i: number) => `${start / 1_000 + i * 3_600},${price(i)},${price(i) + 1},${price(i) - 1},${price(i)},10,5`
  writeFileSync(join(path, 'XTZUSD_60.csv'), `${Array.from({ length: bars }, (_, i) => line(i)).join('\n')}\n`)
  return path
}

const inFolder = (name: string) => join(folder, name)

beforeAll(async () => {
  quiet = await run({ scenario: once, market: market('flat', 55), out: inFolder('quiet'), seed: 3 })
  busy = await run({ scenario: once, market: market('lively', 100), out: inFolder('busy'), seed: 4 })
  duck = await (await DuckDBInstance.create(':memory:')).connect()
}, 120_000)

afterAll(() => {
  duck.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

async function query(sql: string): Promise<Record<string, DuckDBValue>[]> {
  return (await duck.runAndReadAll(sql)).getRowObjects() as Record<string, DuckDBValue>[]
}

const both = (table: string) => `read_parquet(['${folder}/quiet/${table}.parquet', '${folder}/busy/${table}.parquet'])`

test('a quiet run has every table of a busy one, with the same columns of the same types', async () => {
  const tables = (name: string) => readdirSync(inFolder(name)).filter(file => file.endsWith('.parquet'))
  expect(tables('quiet').sort()).toEqual(tables('busy').sort())
  expect(tables('quiet')).toContain('trades.parquet')
  for (const file of tables('busy')) {
    const columns = (name: string) => query(`DESCRIBE SELECT * FROM '${folder}/${name}/${file}'`)
    expect(await columns('quiet'), file).toEqual(await columns('busy'))
  }
  expect(await query(`SELECT count(*)::INT AS n FROM '${folder}/quiet/trades.parquet'`)).toEqual([{ n: 0 }])
  expect(await query(`SELECT count(*)::INT AS n FROM '${folder}/busy/trades.parquet'`)).toEqual([{ n: 1 }])
})

test('types are those declared: equity is DOUBLE where it never moved, times are timestamps, money is BIGINT', async () => {
  const types = async (table: string) =>
    Object.fromEntries((await query(`DESCRIBE SELECT * FROM ${both(table)}`)).map(c => [c.column_name, c.column_type]))
  expect(await types('model')).toMatchObject({
    run_id: 'VARCHAR',
    seed: 'BIGINT',
    step: 'BIGINT',
    time: 'TIMESTAMP WITH TIME ZONE',
    baseline: 'DOUBLE',
    baseline_halted: 'BOOLEAN',
  })
  expect(await types('trades')).toMatchObject({ entry_time: 'TIMESTAMP WITH TIME ZONE', qty_e8: 'BIGINT', pattern: 'VARCHAR' })
  const prices = { open: 'DOUBLE', high: 'DOUBLE', low: 'DOUBLE', close: 'DOUBLE', volume: 'DOUBLE' }
  expect(await types('prices')).toMatchObject(prices)
})

test('read together, quiet first, the values are those of each run to the cent and the millisecond', async () => {
  const [end] = await query(`SELECT baseline FROM ${both('model')} WHERE seed = 4 ORDER BY step DESC LIMIT 1`)
  const [sum] = await query(`SELECT sum(pnl_e6)::DOUBLE / 1e6 AS pnl, epoch_ms(min(entry_time)) AS at FROM ${both('trades')}`)
  expect(sum?.pnl).not.toBe(Math.round(Number(sum?.pnl)))
  expect(Number(end?.baseline)).toBeCloseTo(100_000 + Number(sum?.pnl), 6)
  expect(Number(sum?.at)).toBe(start + 61 * hour)
  const seeds = await query(`SELECT DISTINCT seed::INT AS seed, run_id FROM ${both('prices')} ORDER BY seed`)
  const ids = [quiet, busy].map(({ runDir }) => readManifest(join(runDir, 'manifest.json')).runId)
  expect(seeds).toEqual([
    { seed: 3, run_id: ids[0] },
    { seed: 4, run_id: ids[1] },
  ])
  const [bar] = await query(`SELECT open, high, low, close, volume FROM ${both('prices')} WHERE seed = 4 ORDER BY time LIMIT 1`)
  expect(bar).toEqual({ open: 100, high: 101, low: 99, close: 100, volume: 10 })
})

test('SUMMARIZE reads every table, and no number of a file is NaN', async () => {
  for (const file of readdirSync(inFolder('busy')).filter(name => name.endsWith('.parquet'))) {
    const columns = await query(`SUMMARIZE SELECT * FROM ${both(file.replace('.parquet', ''))}`)
    expect(columns.length, file).toBeGreaterThan(3)
    for (const { column_name, column_type, min, max } of columns) {
      if (column_type === 'DOUBLE') expect([min, max], `${file} ${column_name}`).not.toContain('nan')
    }
  }
})

test('ids join: every trade once to its idea, its orders and its agent', async () => {
  const joined = await query(`
    SELECT t.trade_id, i.id, i.atr IS NULL AS young, count(f.trade_id)::INT AS fills, any_value(r.type) AS type
    FROM ${both('trades')} t
    LEFT JOIN ${both('ideas')} i ON i.id = t.idea_id
    LEFT JOIN ${both('fills')} f ON f.order_id IN (t.entry_order_id, t.exit_order_id) AND f.run_id = t.run_id
    LEFT JOIN ${both('roster')} r ON r.key = t.agent AND r.run_id = t.run_id
    GROUP BY ALL`)
  expect(joined).toHaveLength(1)
  expect(joined[0]).toMatchObject({ fills: 2, young: false, type: 'Once' })
  expect(joined[0]?.id).toMatch(/^Once-\d+:\d+$/)
})

test('a finished run keeps no spool, no lock and no write-ahead log', () => {
  const kept = readdirSync(inFolder('busy')).filter(name => !name.endsWith('.parquet'))
  expect(kept.filter(name => !name.startsWith('checkpoint-')).sort()).toEqual([
    'decisions.chain.json',
    'last-state.frame',
    'manifest.json',
    'mycelial_patterns.db',
    'report.html',
    'trades.db',
  ])
})

test('a finished run that goes on beyond its end equals the run that was never finished, tables included', async () => {
  const place = inFolder('lively')
  const whole = await run({ scenario: once, market: place, out: inFolder('whole'), seed: 5, steps: 90 })
  await run({ scenario: once, market: place, out: inFolder('part'), seed: 5, steps: 70 })
  const going = await run({ resume: inFolder('part'), scenario: once, steps: 90 })
  expect(going.digest).toBe(whole.digest)
  expect(going.outputs).toEqual(whole.outputs)
  for (const file of readdirSync(inFolder('whole')).filter(name => name.endsWith('.parquet'))) {
    const rows = (name: string) => query(`SELECT * EXCLUDE (run_id) FROM '${folder}/${name}/${file}'`)
    expect(await rows('part'), file).toEqual(await rows('whole'))
  }
  expect(readdirSync(inFolder('part')).filter(name => name.startsWith('.'))).toEqual([])
}, 120_000)
