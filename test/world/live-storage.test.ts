/** A live part whose disk fails: it stops at once, nothing leaves, no balance is wrong, and it can go on. */

import { copyFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { armFaults } from '../../src/core/index.js'
import { DiskFull, openReadOnly } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'
import { barMs, byHand, temporary } from './live-by-hand.js'
import { scenario } from './live-scenario.js'

/** The Nth storage call fails with this code; returns how many there were. */
function failing(n: number, code: string) {
  let calls = 0
  const disarm = armFaults(name => {
    if (!name.startsWith('storage.') || ++calls !== n) return
    throw Object.assign(new Error(`made to fail: ${name}`), { code })
  })
  return { disarm, calls: () => calls }
}

function rowsIn(ledger: string): unknown {
  const db = openReadOnly(ledger)
  try {
    return ['journal', 'fills', 'trades', 'books', 'halts'].map(table => db.prepare(`SELECT * FROM ${table}`).all())
  } finally {
    db.close()
  }
}

function reconciles(out: string): void {
  const db = openReadOnly(join(out, 'trades.db'))
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const odd = db
      .prepare(
        `SELECT book, cash_e6 - start_e6
           - (SELECT coalesce(sum(CASE side WHEN 'sell' THEN notional_e6 ELSE -notional_e6 END - fee_e6), 0) FROM fills f WHERE f.book = b.book)
           + (SELECT coalesce(sum(borrow_e6), 0) FROM trades t WHERE t.book = b.book) AS missing FROM books b`,
      )
      .all() as { book: string; missing: number }[]
    expect(odd.filter(b => b.missing !== 0)).toEqual([])
  } finally {
    db.close()
  }
}

test('C6: whichever storage call fails, the part stops or retries, balances are right, it goes on, and replays', async () => {
  let reached = true
  let stopped = 0
  for (let n = 1; reached && n < 400; n += 23) {
    const out = join(temporary(), 'run')
    const first = await byHand({ out, history: 40 })
    const fault = failing(n, n % 2 === 0 ? 'EIO' : 'SQLITE_BUSY')
    try {
      first.pass(8 * barMs, 1_000)
    } catch (error) {
      stopped++
      expect(String(error)).toMatch(/made to fail|device|busy|writer/i)
    } finally {
      fault.disarm()
    }
    reached = fault.calls() >= n
    const committed = first.part.tick
    first.die()
    reconciles(out)
    const again = await byHand({ out, again: true, at: first.clock.now() + 5_000, history: 40 })
    expect(again.committed.every(c => c.tick > committed)).toBe(true)
    again.pass(2 * barMs, 1_000)
    again.die()
    reconciles(out)
    expect(await replay(out, { scenario })).toMatchObject({ difference: null })
  }
  expect(stopped).toBeGreaterThan(3)
}, 120_000)

test('C5: a full disk stops the part with path and bytes; with room again it goes on', async () => {
  const first = await byHand()
  first.pass(3 * barMs, 1_000)
  const committed = first.part.tick
  const fault = failing(1, 'ENOSPC')
  let told: unknown
  try {
    first.pass(barMs, 1_000)
  } catch (error) {
    told = error
  }
  fault.disarm()
  expect(told).toBeInstanceOf(DiskFull)
  expect(String(told)).toMatch(/disk full while writing .*trades\.db: expected \d+ bytes free/)
  expect(first.part.tick).toBe(committed)
  first.die()
  const again = await byHand({ out: first.out, again: true, at: first.clock.now() + 1_000 })
  again.pass(3 * barMs, 1_000)
  expect(again.committed.some(c => c.fills.length > 0)).toBe(true)
  again.die()
  reconciles(first.out)
  expect(await replay(first.out, { scenario })).toMatchObject({ difference: null })
})

test('C8: a ledger put back from an older or a newer copy than its checkpoints is refused by name, and nothing is changed', async () => {
  const first = await byHand()
  first.pass(2 * barMs, 1_000)
  const copies = temporary()
  const keep = (name: string) => {
    cpSync(first.out, join(copies, name), { recursive: true, filter: path => !/\.db-(wal|shm)$/.test(path) })
    openReadOnly(join(first.out, 'trades.db'))
      .exec(`VACUUM INTO '${join(copies, name)}.db'`)
      .close()
  }
  keep('older')
  first.pass(20 * barMs, 1_000)
  keep('newer')
  first.die()
  for (const [run, ledger, says] of [
    ['newer', 'older', /checkpoint was made at tick \d+: expected a journal that reaches it, got "one that ends at tick \d+"/],
    ['older', 'newer', /checkpoint was made at tick \d+: expected the journal from tick \d+ on, got "one from tick \d+ on"/],
  ] as const) {
    const out = join(copies, run)
    copyFileSync(join(copies, `${ledger}.db`), join(out, 'trades.db'))
    const before = rowsIn(join(out, 'trades.db'))
    await expect(replay(out, { scenario })).rejects.toThrow(says)
    await expect(byHand({ out, again: true })).rejects.toThrow(says)
    expect(rowsIn(join(out, 'trades.db'))).toEqual(before)
  }
})
