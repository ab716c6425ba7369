import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { armFaults, BrokenInvariant } from '../../src/core/index.js'
import { CorruptFile, checkDatabase, LiveLedger, StorageError, storageLimits, type TickRecord } from '../../src/storage/index.js'
import { fillsOf, hour, portfolioAfter, rowsOf, start, temporary, trade } from './support.js'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Tick n: a trade finishes each third, else only inputs. */
function tick(n: number, change: Partial<TickRecord> = {}): TickRecord {
  const trades = n % 3 === 0 ? [trade(n)] : []
  const finished = Array.from({ length: Math.floor(n / 3) }, (_, i) => trade((i + 1) * 3))
  return {
    tick: n,
    time: start + n * hour,
    isStep: n % 2 === 0,
    step: Math.floor(n / 2),
    inputs: bytes(`inputs of ${n}`),
    chain: new Uint8Array(32).fill(n),
    decisions: [],
    record: null,
    fills: trades.flatMap(fillsOf),
    trades,
    portfolios: trades.length > 0 ? [{ state: portfolioAfter(finished), positions: [] }] : [],
    halts: [],
    outbox: [{ topic: 'trade-confirmations', epoch: 'e1', seq: n, time: start + n * hour, data: `{"n":${n}}` }],
    ...change,
  }
}

function ledgerWith(path: string, ticks: number): LiveLedger {
  const ledger = LiveLedger.open(path, 'live-1')
  for (let n = 1; n <= ticks; n++) ledger.commitTick(tick(n))
  return ledger
}

const position = {
  portfolio: 'baseline' as const,
  pair: 'SOLUSD',
  tradeId: 'baseline:9:TechnicalAnalysis-3:0',
  direction: -1 as const,
  qtyE8: 5,
  entryTime: start,
  entryPriceUsd: 3.5,
  entryNotionalE6: 7,
}

test('what was committed is found again by the next process: ticks, portfolios, positions, halts, unsent messages', () => {
  const path = join(temporary(), 'trades.db')
  const halt = {
    id: 'all:operator',
    portfolio: 'all',
    pair: null,
    kind: 'operator',
    until: null,
    on: true,
    time: start,
    reason: 'lunch',
    ends: 'operator reset',
  }
  const ledger = ledgerWith(path, 5)
  const state = { ...portfolioAfter([trade(3)]), time: start }
  ledger.commitTick(tick(6, { trades: [], fills: [], portfolios: [{ state, positions: [position] }], halts: [halt] }))
  ledger.close()
  const again = LiveLedger.open(path, 'live-1')
  const found = again.recover()
  expect(found).toMatchObject({ base: { tick: 0, chain: null }, lastTick: 6, lastTime: start + 6 * hour })
  expect(found.portfolios).toEqual([state])
  expect(found.positions).toEqual([position])
  expect(found.halts).toEqual([halt])
  expect(found.unannounced.map(m => m.seq)).toEqual([1, 2, 3, 4, 5, 6])
  expect([...again.journal(4)]).toMatchObject(
    [5, 6].map(n => {
      const { tick: number, time, isStep, inputs, chain } = tick(n)
      return { tick: number, time, isStep, inputs: Buffer.from(inputs), chain: Buffer.from(chain ?? []), record: null }
    }),
  )
  again.close()
})

test('R1: a halt outlives the process, and one that was lifted stays lifted', () => {
  const path = join(temporary(), 'trades.db')
  const halt = {
    id: 'baseline:drawdown',
    portfolio: 'baseline',
    pair: null,
    kind: 'drawdown',
    until: start + hour,
    on: true,
    time: start,
    reason: '5.1 %',
    ends: 'operator reset',
  }
  const ledger = LiveLedger.open(path, 'r')
  ledger.commitTick(tick(1, { halts: [halt] }))
  ledger.close()
  const second = LiveLedger.open(path, 'r')
  expect(second.recover().halts).toEqual([halt])
  second.commitTick(tick(2, { halts: [{ ...halt, on: false }] }))
  expect(second.recover().halts).toEqual([])
  second.close()
})

test('a tick executed again is a no-op; with other inputs, or leaving a gap, it is refused', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = ledgerWith(path, 6)
  for (const n of [3, 6]) ledger.commitTick(tick(n))
  expect(rowsOf(path, 'SELECT count(*) AS n FROM trades')).toEqual([{ n: 2 }])
  expect(() => ledger.commitTick(tick(6, { inputs: bytes('others') }))).toThrow(StorageError)
  expect(() => ledger.commitTick(tick(4, { time: start }))).toThrow(/the inputs that were committed/)
  expect(() => ledger.commitTick(tick(8))).toThrow(/expected "?tick 7/)
  ledger.commitTick(tick(7))
  ledger.close()
  expect(checkDatabase(path).problems).toEqual([])
})

test('a trade that is there already cannot come in a new tick', () => {
  const ledger = ledgerWith(join(temporary(), 'trades.db'), 3)
  expect(() => ledger.commitTick(tick(4, { trades: [trade(3)] }))).toThrow(BrokenInvariant)
  expect(ledger.recover().lastTick).toBe(3)
  ledger.close()
})

test('C6: a tick whose commit fails at any point leaves nothing behind and can be committed again', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = ledgerWith(path, 2)
  const points: string[] = []
  for (let n = 1, failed = true; failed; n++) {
    let calls = 0
    failed = false
    const disarm = armFaults(name => {
      if (++calls !== n) return
      failed = true
      points.push(name)
      throw Object.assign(new Error('injected'), { code: 'EIO' })
    })
    if (n > 20) throw new Error('the faults do not end')
    const commit = () => ledger.commitTick(tick(3))
    try {
      commit()
    } catch (error) {
      expect(error).toBeInstanceOf(StorageError)
      expect(
        rowsOf(path, 'SELECT (SELECT count(*) FROM fills) + (SELECT count(*) FROM trades) + (SELECT count(*) FROM books) AS n'),
      ).toEqual([{ n: 0 }])
      expect(rowsOf(path, 'SELECT max(tick) AS tick FROM journal')).toEqual([{ tick: 2 }])
    } finally {
      disarm()
    }
  }
  expect(points).toEqual([
    'storage.begin',
    'storage.journal',
    'storage.decisions',
    'storage.fills',
    'storage.books',
    'storage.commit',
  ])
  expect(ledger.recover().lastTick).toBe(3)
  ledger.close()
  expect(checkDatabase(path).problems).toEqual([])
})

test('messages are sent again after a crash until their announcement is committed, with their own epoch and seq', () => {
  const path = join(temporary(), 'trades.db')
  const ledger = ledgerWith(path, 3)
  ledger.announced(ledger.lastOutboxId)
  ledger.announced(1)
  expect(ledger.recover().unannounced.length).toBe(3)
  ledger.commitTick(tick(4))
  const left = ledger.recover().unannounced
  expect(left).toMatchObject([{ id: 4, epoch: 'e1', seq: 4, topic: 'trade-confirmations', data: '{"n":4}' }])
  ledger.close()
  const again = LiveLedger.open(path, 'r')
  expect(again.recover().unannounced).toEqual(left)
  again.announced(again.lastOutboxId)
  again.commitTick(tick(5))
  expect(again.recover().unannounced.map(m => m.id)).toEqual([5])
  again.close()
})

test('an outbox nobody empties is bounded, and what is dropped is counted', () => {
  const ledger = LiveLedger.open(join(temporary(), 'trades.db'), 'r')
  const outbox = Array.from({ length: 30_000 }, (_, seq) => ({ topic: 't', epoch: 'e', seq, time: start, data: '{}' }))
  for (let n = 1; n <= 4; n++) ledger.commitTick(tick(n, { outbox, trades: [], fills: [], portfolios: [] }))
  expect(ledger.outboxDropped).toBe(120_000 - storageLimits.outboxRows)
  expect(ledger.recover().unannounced.length).toBe(storageLimits.outboxRows)
  ledger.close()
})

test('what is released leaves the ledger with the ticks that follow, a bounded number of rows in each, and with its digest chain', () => {
  const path = join(temporary(), 'trades.db')
  const many = storageLimits.rowsDroppedPerTick + 3
  const ledger = ledgerWith(path, many)
  ledger.release(many - 1)
  ledger.release(2)
  expect(ledger.recover().base.tick).toBe(0)
  ledger.commitTick(tick(many + 1))
  const base = storageLimits.rowsDroppedPerTick
  expect(ledger.recover().base).toEqual({ tick: base, chain: Buffer.alloc(32, base) })
  expect([...ledger.journal()].map(t => t.tick)).toEqual([1, 2, 3, 4].map(n => base + n))
  expect(() => ledger.commitTick(tick(base - 1))).toThrow(/after the oldest checkpoint/)
  ledger.commitTick(tick(many + 2))
  expect([...ledger.journal()].map(t => t.tick)).toEqual([many, many + 1, many + 2])
  ledger.close()
  const again = LiveLedger.open(path, 'r')
  expect([again.recover().lastTick, again.baseTick]).toEqual([many + 2, many - 1])
  again.release(many + 2)
  again.commitTick(tick(many + 3))
  expect([...again.journal()].map(t => t.tick)).toEqual([many + 3])
  again.close()
})

test.each([
  ['inputs cut mid-record', 'UPDATE journal SET inputs = substr(inputs, 1, 4) WHERE tick = 9'],
  ['a changed time', 'UPDATE journal SET time_ms = time_ms + 1 WHERE tick = 4'],
  ['a missing tick', 'DELETE FROM journal WHERE tick = 5'],
  ['a step taken for none', 'UPDATE journal SET step = 1 - step WHERE tick = 4'],
  ['another chain value of the same length', 'UPDATE journal SET chain = zeroblob(32) WHERE tick = 7'],
  ['a changed chain value', "UPDATE journal SET chain = x'00' WHERE tick = 7"],
])('C8: %s makes the journal refuse by name', (_, damage) => {
  const path = join(temporary(), 'trades.db')
  ledgerWith(path, 9).close()
  const db = new Database(path)
  db.exec(damage)
  db.close()
  const ledger = LiveLedger.open(path, 'r')
  expect(() => ledger.recover()).toThrow(CorruptFile)
  ledger.close()
  expect(checkDatabase(path).problems.join()).toMatch(/expected tick \d as it was written/)
})
