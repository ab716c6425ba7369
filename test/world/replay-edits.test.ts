/** Whatever row of a finished run's ledger is changed, missing or invented: a replay or a check names it. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { checkpointSteps, checkRun, readCheckpointAt, readState, statesIn, writeCheckpoint } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'
import { decodeLiveCheckpoint, encodeLiveCheckpoint } from '../../src/world/live/engine/live-checkpoint.js'
import { command } from '../cli/in-process.js'
import { times } from '../tier.js'
import { notFound } from './edited-ledger.js'
import { type Recorded, recorded } from './recorded-run.js'

let original: Recorded
beforeAll(async () => {
  original = await recorded(45_000)
}, 60_000)

function altered(sql: string): string {
  const run = original.copy()
  const db = new Database(join(run, 'trades.db'))
  expect(db.prepare(sql).run().changes).toBeGreaterThan(0)
  db.close()
  return run
}

test('a whole run agrees: every tick, every row, and every checkpoint byte for byte', async () => {
  const told = await replay(original.run)
  expect(told.differences).toEqual([])
  expect(told).toMatchObject({ agrees: true, verdict: 'agrees', share: 1 })
  expect(told.replayed.ticks).toBe(told.ticks)
  expect(told.parts).toMatchObject([{ from: 0, replayed: told.ticks }])
  expect((await checkRun(original.run)).problems).toEqual([])
})

describe('a replay finds and names', () => {
  const edits: [what: string, sql: string, row: object, says: RegExp][] = [
    [
      'the price of a fill that was changed',
      'UPDATE fills SET price = price * 1.001 WHERE id = 5',
      { table: 'fills', id: '5', column: 'price' },
      /^fill 5: price was [\d.]+, is [\d.]+$/,
    ],
    ['a fill that was deleted', 'DELETE FROM fills WHERE id = 7', { table: 'fills', id: '7', column: null }, /lacks fill 7$/],
    [
      'a fill that was invented',
      `INSERT INTO fills SELECT id + 100000, trade_id, opens, part + 9, book, pair, side, time_ms, step, price, qty_e8, notional_e6, fee_e6,
         slippage_e6, run_id FROM fills WHERE id = 3`,
      { table: 'fills', id: '100003', column: null },
      /^the replay lacks fill 100003$/,
    ],
    [
      '1,000 USD that were added to the cash',
      "UPDATE books SET cash_e6 = cash_e6 + 1000000000 WHERE book = 'baseline'",
      { table: 'books', id: 'baseline', column: 'cash_e6' },
      /^portfolio baseline: cash_e6 was \d+, is \d+$/,
    ],
    [
      'positions that were doubled',
      'UPDATE positions SET qty_e8 = 2 * qty_e8, entry_notional_e6 = 2 * entry_notional_e6',
      { table: 'positions', column: 'qty_e8' },
      /^position \w+ \w+: qty_e8 was \d+, is \d+$/,
    ],
    ['a halt that was lifted', 'UPDATE halts SET is_on = 1 - is_on', { table: 'halts', column: 'is_on' }, /^halt \S+: is_on was/],
    ['a halt that was deleted', 'DELETE FROM halts', { table: 'halts', column: null }, /^the ledger lacks halt /],
  ]

  it.each(edits)('%s', async (_, sql, row, says) => {
    const told = await replay(altered(sql))
    expect(told).toMatchObject({ agrees: false, verdict: 'differs', share: 1 })
    expect(told.difference).toMatchObject({ tick: null, row, what: expect.stringMatching(says) })
  })
})

test('a checkpoint that is sound and says another state is found at its tick', async () => {
  const run = original.copy()
  const [, older] = checkpointSteps(run)
  const { bytes, path } = readCheckpointAt(run, older ?? 0)
  const state = decodeLiveCheckpoint(bytes, path)
  writeCheckpoint(run, older ?? 0, encodeLiveCheckpoint({ ...state, trades: state.trades + 1 }))
  const what = expect.stringMatching(/^the state after it is not that of .*: its trades differs$/)
  expect((await replay(run)).differences).toContainEqual(expect.objectContaining({ tick: state.tick, what }))
})

test('the end of a segment is held against the checkpoint beside it, which is named where it is sound and says another state', async () => {
  const run = original.copy()
  const folder = join(run, 'journal')
  const [, second] = statesIn(folder)
  if (second === undefined) throw new Error('no checkpoint at the end of a segment')
  const state = decodeLiveCheckpoint(readState(second), second.path)
  const file = writeCheckpoint(folder, 1, encodeLiveCheckpoint({ ...state, trades: state.trades + 1 }))
  writeFileSync(second.path, second.isCompressed ? brotliCompressSync(readFileSync(file)) : readFileSync(file))
  rmSync(file)
  const told = await replay(run)
  expect(told.verdict).toBe('differs')
  const what = `the state after it is not that of ${second.path}: its trades differs`
  expect(told.differences).toContainEqual(expect.objectContaining({ tick: state.tick, what }))
})

test('a ledger of before segments, whose rows were cut at its older checkpoint, is proven in part, and the share is said', async () => {
  const run = original.copy()
  const [, older] = checkpointSteps(run)
  const { bytes, path } = readCheckpointAt(run, older ?? 0)
  const { tick, chain } = decodeLiveCheckpoint(bytes, path)
  const db = new Database(join(run, 'trades.db'))
  const [hash, last] = ['SELECT hash FROM journal WHERE tick = ?', 'SELECT max(tick) FROM journal'].map(sql =>
    db
      .prepare(sql)
      .pluck()
      .get(...(sql.includes('?') ? [tick] : [])),
  )
  db.prepare('DELETE FROM journal_base').run()
  db.prepare('INSERT INTO journal_base (id, tick, hash, chain) VALUES (1, ?, ?, ?)').run(tick, hash, chain)
  db.prepare('DELETE FROM journal WHERE tick <= ?').run(tick)
  db.close()
  rmSync(join(run, 'journal'), { recursive: true })
  const told = await replay(run)
  expect(told).toMatchObject({ verdict: 'partial', agrees: false, differences: [], ticks: last })
  expect(told.parts[0]).toMatchObject({ from: tick, replayed: Number(last) - tick })
  expect(told.share).toBeCloseTo((Number(last) - tick) / Number(last))
  const said = await command(['replay', run])
  expect(said.code).toBe(1)
  expect(said.stderr).toMatch(
    new RegExp(`The replay is partial: it proves \\d+\\.\\d\\d % of the run, the ticks after ${tick.toLocaleString('en')}`),
  )
})

describe('a check without a replay finds', () => {
  const edits: [what: string, sql: string, says: RegExp][] = [
    ['cash that the trades do not give', 'UPDATE books SET cash_e6 = cash_e6 + 1', /^money does not reconcile: \w+: cash is/],
    [
      'a fill that is missing of a trade',
      'DELETE FROM fills WHERE trade_id = (SELECT trade_id FROM trades LIMIT 1)',
      /fill of the trade is missing/,
    ],
    [
      'a position that no fill opened',
      "UPDATE positions SET trade_id = 'mine'",
      /positions are not what the fills leave open: mine/,
    ],
    [
      'the last tick of the journal cut off',
      'DELETE FROM journal WHERE tick = (SELECT max(tick) FROM journal)',
      /manifest\.json names tick/,
    ],
    [
      'another beginning of the journal',
      "UPDATE journal_base SET chain = x'00'",
      /^journal_base: not tick \d+ as its segment has it/,
    ],
  ]

  it.each(edits)('%s', async (_, sql, says) => {
    const { problems } = await checkRun(altered(sql))
    expect(problems).toContainEqual(expect.stringMatching(says))
  })
})

const edits = times(60, 200)

test(`${edits} random single-row edits of a finished run are each found and named`, async () => {
  const { made, missed } = await notFound(original.copy(), edits, 20)
  expect(missed).toEqual([])
  expect(made.length).toBeGreaterThanOrEqual(edits)
  const tables = [...new Set(made.map(edit => edit.table))].sort()
  expect(tables).toEqual([
    'books',
    'decision_links',
    'decisions',
    'fills',
    'halts',
    'journal',
    'journal_base',
    'positions',
    'trades',
  ])
}, 180_000)
