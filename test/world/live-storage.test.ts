/** A live shard whose disk fails: it stops at once, nothing leaves, no balance is wrong, and it can go on. */

import { copyFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DiskFull, openReadOnly } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'
import { barMs, byHand, temporary } from './live-by-hand.js'
import { failEach, failing, reconciles, rowsIn } from './live-failing.js'
import { scenario } from './live-scenario.js'

test('C6: whichever storage call fails, the shard stops or retries, balances are right, it goes on, and replays', async () => {
  const { stopped } = await failEach(23, n => (n % 2 === 0 ? 'EIO' : 'SQLITE_BUSY'))
  expect(stopped).toBeGreaterThan(3)
}, 120_000)

test('C5: a full disk stops the shard with path and bytes; with room again it goes on', async () => {
  const first = await byHand()
  first.pass(3 * barMs, 1_000)
  const committed = first.shard.tick
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
  expect(first.shard.tick).toBe(committed)
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
