/** A live shard whose Nth storage call fails, and the audit of what it leaves: C6, as often as asked. */

import { join } from 'node:path'
import { expect } from 'vitest'
import { armFaults } from '../../src/core/index.js'
import { openReadOnly } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'
import { barMs, byHand, temporary } from './live-by-hand.js'
import { scenario } from './live-scenario.js'

/** The Nth storage call fails with this code; returns how many there were. */
export function failing(n: number, code: string) {
  let calls = 0
  const disarm = armFaults(name => {
    if (!name.startsWith('storage.') || ++calls !== n) return
    throw Object.assign(new Error(`made to fail: ${name}`), { code })
  })
  return { disarm, calls: () => calls }
}

export function rowsIn(ledger: string): unknown {
  const db = openReadOnly(ledger)
  try {
    return ['journal', 'fills', 'trades', 'books', 'halts'].map(table => db.prepare(`SELECT * FROM ${table}`).all())
  } finally {
    db.close()
  }
}

export function reconciles(out: string): void {
  const db = openReadOnly(join(out, 'trades.db'))
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const odd = db
      .prepare(
        `SELECT book, cash_e6 - start_e6
           - (SELECT coalesce(sum(CASE side WHEN 'sell' THEN notional_e6 ELSE -notional_e6 END - fee_e6), 0) FROM fills f WHERE f.book = b.book)
           + (SELECT coalesce(sum(borrow_e6), 0) FROM trades t WHERE t.book = b.book) AS missing FROM books b`,
      )
      .all() as { portfolio: string; missing: number }[]
    expect(odd.filter(b => b.missing !== 0)).toEqual([])
  } finally {
    db.close()
  }
}

/**
 * Fails storage call 1, 1 + every, 1 + 2·every … of eight bars, until a run has no injected failure; returns how many of them
 * stopped the shard. `codeOf`: what the n-th one fails with.
 */
export async function failEach(every: number, codeOf: (n: number) => string): Promise<{ tried: number; stopped: number }> {
  let reached = true
  let stopped = 0
  let tried = 0
  for (let n = 1; reached; n += every) {
    const out = join(temporary(), 'run')
    const first = await byHand({ out, history: 40 })
    const fault = failing(n, codeOf(n))
    try {
      first.pass(8 * barMs, 1_000)
    } catch (error) {
      stopped++
      expect(String(error)).toMatch(/made to fail|device|busy|writer|disk full|may write/i)
    } finally {
      fault.disarm()
    }
    reached = fault.calls() >= n
    tried++
    const committed = first.shard.tick
    first.die()
    reconciles(out)
    const again = await byHand({ out, again: true, at: first.clock.now() + 5_000, history: 40 })
    expect(again.committed.every(c => c.tick > committed)).toBe(true)
    again.pass(2 * barMs, 1_000)
    again.die()
    reconciles(out)
    expect(await replay(out, { scenario })).toMatchObject({ difference: null })
  }
  return { tried, stopped }
}
