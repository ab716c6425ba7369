/** The decision record on disk: its chain, how it is checked, and what it costs to keep. */

import { copyFileSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { describeColumn, Table } from '../../src/core/index.js'
import {
  checkDatabase,
  checkRun,
  LiveLedger,
  type Manifest,
  migrateDatabase,
  ParquetSink,
  RowChain,
  RunDirectory,
} from '../../src/storage/index.js'
import { answerOf, type Decision, decisionColumns } from '../../src/trading/index.js'
import { hour, rowsOf, start, temporary } from './support.js'

interface Row {
  readonly step: number
  readonly id: number
  readonly time: number
  readonly pair: string
  readonly rsi: number
  readonly trade_id: string | null
}

const columns = [
  describeColumn('step', { type: 'integer' }),
  describeColumn('id', { type: 'integer' }),
  describeColumn('time', { type: 'time' }),
  describeColumn('pair', { type: 'text' }),
  describeColumn('rsi', { type: 'real', nullable: true }),
  describeColumn('trade_id', { type: 'text', nullable: true }),
]

/** Three rows a step, with cells of every kind that a file has to bring back. */
function made(steps: number): Row[] {
  return Array.from({ length: 3 * steps }, (_, i) => ({
    step: Math.floor(i / 3),
    id: i + 1,
    time: start + Math.floor(i / 3) * hour,
    pair: i % 2 === 0 ? 'XBTUSD' : 'Ärzte, "x"',
    rsi: i % 5 === 0 ? Number.NaN : i === 7 ? -0 : i / 7,
    trade_id: i % 4 === 0 ? `baseline:${i}:T-1:0` : null,
  }))
}

function decisions(rows: readonly Row[]): Table {
  const table = new Table('decisions', columns, true)
  for (const row of rows) for (const [name, column] of table.columns) column.push(row[name as keyof Row])
  return table
}

const blank = {
  scenario: 'made',
  verb: 'run',
  seed: 1,
  parameters: {},
  versions: {},
  commit: null,
  inputs: {},
  market: null,
} as const

/** A finished run whose decisions are these rows; returns its directory. */
function runWith(rows: readonly Row[]): string {
  const path = join(temporary(), 'run')
  const run = RunDirectory.create({ scenario: 'made', seed: 1, startedAt: '2026-01-01T00:00:00.000Z', out: path })
  const sink = new ParquetSink(run)
  for (let from = 0; from < rows.length; from += 10) sink.write(decisions(rows.slice(from, from + 10)))
  const outputs = sink.outputs()
  sink.finish()
  const manifest: Manifest = {
    ...blank,
    ...{ manifest: 1, runId: run.runId, status: 'finished', steps: 9, digest: null, summary: {}, wallTimeMs: 0 },
    ...{ outputs, records: sink.records(), startedAt: '2026-01-01T00:00:00.000Z', endedAt: null },
  }
  run.writeManifest(manifest)
  run.close()
  return path
}

/** The same run with other rows in its Parquet file. */
function withRows(rows: readonly Row[], others: readonly Row[]): string {
  const path = runWith(rows)
  copyFileSync(join(runWith(others), 'decisions.parquet'), join(path, 'decisions.parquet'))
  return path
}

const rows = made(40)
const moved = (from: number, to: number) => {
  const others = rows.toSpliced(from, 1)
  return others.toSpliced(to, 0, rows[from] as Row)
}

test('a record is as it was written where nobody touched it, whatever its batches were', async () => {
  const check = await checkRun(runWith(rows))
  const whole = new RowChain('decisions', [...decisions([]).columns.keys()])
  whole.add(decisions(rows))
  expect(check).toMatchObject({ rows: { decisions: 120 }, records: { decisions: whole.head() }, problems: [] })
})

const faults: [fault: string, others: readonly Row[], said: RegExp][] = [
  ['changed', rows.with(50, { ...(rows[50] as Row), rsi: 1 }), /step 16: a row was changed or moved\. In all 120 rows/],
  ['missing', rows.toSpliced(50, 1), /step 16: 1 of 3 rows missing\. In all 119 rows are there, 120 were written/],
  ['added', rows.toSpliced(50, 0, rows[50] as Row), /step 16: 1 added to 3 rows/],
  ['moved within its step', moved(50, 49), /step 16: a row was changed or moved/],
  ['moved to another step', moved(50, 80), /step 16: 1 of 3 rows missing/],
  ['added at the end', [...rows, { ...(rows[50] as Row), step: 40 }], /after step 39 it is not the record that was written/],
  ['missing with all of its step', rows.toSpliced(48, 3), /step 16: rows of step 17 are in the place of its 3/],
  ['missing at the end', rows.slice(0, -1), /step 39: 1 of 3 rows missing/],
  ['missing with the last step', rows.slice(0, -3), /step 39: 3 of 3 rows missing/],
]

test.each(faults)('data check names the first step at which a row is %s', async (_, others, said) => {
  const { problems } = await checkRun(withRows(rows, others))
  expect(problems).toEqual([expect.stringMatching(said)])
  expect(problems[0]).toMatch(/^decisions\.parquet: /)
})

test('marks that are not of the record, or not there, are no reason to trust a record less or more', async () => {
  const path = runWith(rows)
  copyFileSync(join(runWith(made(41)), 'decisions.chain.json'), join(path, 'decisions.chain.json'))
  expect((await checkRun(path)).problems).toEqual([expect.stringMatching(/^decisions\.chain\.json is not of this record/)])
  rmSync(join(path, 'decisions.chain.json'))
  expect((await checkRun(path)).problems).toEqual([])
  const spoilt = withRows(rows, rows.toSpliced(50, 1))
  rmSync(join(spoilt, 'decisions.chain.json'))
  expect((await checkRun(spoilt)).problems).toEqual([
    expect.stringMatching(/decisions\.chain\.json, which would name the step, is missing/),
  ])
})

test('a missing table and a run that has not ended are named', async () => {
  const path = runWith(rows)
  rmSync(join(path, 'decisions.parquet'))
  expect((await checkRun(path)).problems).toEqual(['decisions.parquet is missing.'])
  const { manifest } = RunDirectory.read(path)
  const run = RunDirectory.resume(path)
  run.writeManifest({ ...manifest, status: 'running' })
  run.close()
  await expect(checkRun(path)).rejects.toThrow(/expected a run that has ended/)
})

test('a long record keeps marks below 64 kB and still names the few steps that a fault is among', async () => {
  const long = made(20_000)
  const path = withRows(long, long.toSpliced(30_000, 1))
  expect(statSync(join(path, 'decisions.chain.json')).size).toBeLessThan(64_000)
  const { problems } = await checkRun(path)
  const [, to, from] = /step (\d+), or one before it and after (\d+): 1 of \d+ rows missing/.exec(problems[0] ?? '') ?? []
  expect(Number(from)).toBeLessThan(10_000)
  expect(Number(to)).toBeGreaterThanOrEqual(10_000)
  expect(Number(to) - Number(from)).toBeLessThanOrEqual(16)
})

test('a chain that is cut back to a checkpoint in the middle of a step and continued is the uninterrupted one', () => {
  const whole = runWith(rows)
  const path = join(temporary(), 'run')
  const sink = new ParquetSink({ path, runId: 'r', seed: 1 })
  sink.write(decisions(rows.slice(0, 50)))
  const position = structuredClone(sink.position())
  sink.write(decisions(rows.slice(60, 90)))
  sink.close()
  const resumed = new ParquetSink({ path, runId: 'r', seed: 1 })
  resumed.truncate(position)
  resumed.write(decisions(rows.slice(50)))
  resumed.finish()
  expect(resumed.records()).toEqual(RunDirectory.read(whole).manifest.records)
  expect(resumed.outputs().decisions).toBe(RunDirectory.read(whole).manifest.records?.decisions?.head)
  const marks = (directory: string) => readFileSync(join(directory, 'decisions.chain.json'), 'utf8')
  expect(marks(path)).toBe(marks(whole))
})

function decision(id: number, step: number): Decision {
  const features = {
    rsi: id % 3 === 0 ? null : 50 + id / 7,
    macd: null,
    bollinger: 0.5,
    atr: 0.02,
    volume: 1,
    regime: 1,
    trend: null,
  } as const
  const signal = { pair: 'SOLUSD', direction: 1 as const, confidence: 0.6, agent: 'TechnicalAnalysis-3', pattern: null, features }
  const answer =
    id % 2 === 0 ? answerOf('confidence') : answerOf('entry', { tradeId: `baseline:${step}:T-3:${id}`, wantedE8: 5 * 2 ** 40 })
  return {
    id,
    step,
    time: start + step * hour,
    portfolio: 'baseline',
    signal,
    ideaId: `T-3:${step}:${id}`,
    agreeingIdeaId: null,
    answer,
  }
}

/** A live ledger of 6 ticks, two a step, with 3 decisions each but the first two; returns its path. */
function ledgerWithDecisions(): string {
  const path = join(temporary(), 'trades.db')
  const ledger = LiveLedger.open(path, 'live-1')
  const chain = new RowChain('decisions', ['step', ...Object.keys(decisionColumns)])
  for (let tick = 1; tick <= 8; tick++) {
    const step = Math.floor(tick / 2)
    const decisions = tick <= 2 ? [] : [0, 1, 2].map(i => decision(3 * (tick - 3) + i + 1, step))
    for (const each of decisions) chain.addRow(step, [step, ...Object.values(decisionColumns).map(({ read }) => read(each))])
    ledger.commitTick({
      ...{ tick, step, decisions, time: start + tick, isStep: true, inputs: new Uint8Array(4), chain: null, outbox: [] },
      ...{ fills: [], trades: [], portfolios: [], halts: [] },
      record: chain.rows === 0 ? null : { rows: chain.rows, link: chain.value() },
    })
  }
  ledger.close()
  return path
}

test('a live ledger has every decision with its links, and refuses to change or delete one', () => {
  const path = ledgerWithDecisions()
  expect(checkDatabase(path)).toMatchObject({ rows: { decisions: 18, journal: 8 }, problems: [] })
  expect(rowsOf(path, 'SELECT step, count(*) AS n FROM decisions GROUP BY step')).toEqual([
    { step: 1, n: 3 },
    { step: 2, n: 6 },
    { step: 3, n: 6 },
    { step: 4, n: 3 },
  ])
  const db = new Database(path)
  for (const table of ['decisions', 'decision_links']) {
    expect(() => db.exec(`UPDATE ${table} SET step = 0`)).toThrow(`${table} takes new rows alone`)
    expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(`${table} takes new rows alone`)
  }
  db.close()
})

test.each([
  ['changed', 'UPDATE decisions SET confidence = 0.7 WHERE id = 8', /decisions: step 2: a row was changed or moved/],
  ['missing', 'DELETE FROM decisions WHERE id = 8', /decisions: step 2: 1 of 6 rows missing/],
  [
    'added',
    `CREATE TABLE copy AS SELECT * FROM decisions WHERE id = 8; UPDATE copy SET id = 0, step = 1; INSERT INTO decisions SELECT * FROM copy`,
    /decisions: step 1: 1 added to 3 rows/,
  ],
  ['moved', 'UPDATE decisions SET id = 100 WHERE id = 8', /decisions: step 2: 1 of 6 rows missing/],
])('data check names the step at which a decision of a live ledger is %s', (_, sql, said) => {
  const path = ledgerWithDecisions()
  const db = new Database(path)
  db.exec('DROP TRIGGER decisions_without_update; DROP TRIGGER decisions_without_delete;')
  db.exec(sql)
  db.close()
  expect(checkDatabase(path).problems).toEqual([expect.stringMatching(said)])
})

test('links that were made again for other decisions are not the journal’s', () => {
  const path = ledgerWithDecisions()
  const db = new Database(path)
  db.exec('DROP TRIGGER decision_links_without_update')
  db.exec('UPDATE decision_links SET link = zeroblob(32) WHERE tick = 5')
  db.close()
  expect(checkDatabase(path).problems).toContainEqual('decision_links: not what the journal says from tick 5 on.')
})

test('a trades ledger of the first version is migrated with its halts and its journal, and then takes decisions', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = LiveLedger.open(path, 'live-1')
  const tick = {
    tick: 1,
    time: start,
    isStep: true,
    step: 1,
    inputs: new Uint8Array(4),
    chain: null,
    decisions: [],
    record: null,
  }
  ledger.commitTick({ ...tick, fills: [], trades: [], portfolios: [], halts: [], outbox: [] })
  ledger.close()
  const db = new Database(path)
  db.exec(`DROP TABLE decisions; DROP TABLE decision_links; DROP TABLE halts; ALTER TABLE journal DROP COLUMN record;
    CREATE TABLE halts (book TEXT NOT NULL, kind TEXT NOT NULL, is_on INTEGER NOT NULL, time_ms INTEGER NOT NULL, reason TEXT NOT NULL,
      ends TEXT NOT NULL, PRIMARY KEY (book, kind));
    INSERT INTO halts VALUES ('all', 'operator', 1, 5, 'lunch', 'operator reset');
    PRAGMA user_version = 1`)
  db.close()
  expect(() => LiveLedger.open(path, 'live-1')).toThrow(/expected version 3, got "version 1".*mycelia data migrate/)
  expect(checkDatabase(path)).toMatchObject({ version: 1, rows: { journal: 1 }, problems: [] })
  expect(migrateDatabase(path)).toMatchObject({ from: 1, to: 3 })
  expect(checkDatabase(path)).toMatchObject({ version: 3, rows: { decisions: 0, journal: 1 }, problems: [] })
  const again = LiveLedger.open(path, 'live-1')
  const found = {
    id: 'all:operator',
    portfolio: 'all',
    pair: null,
    kind: 'operator',
    until: null,
    on: true,
    time: 5,
    reason: 'lunch',
  }
  expect(again.recover()).toMatchObject({ lastTick: 1, halts: [found] })
  again.close()
})
