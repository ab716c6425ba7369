/** A restart decides its journal again, and refuses one that tells another story. */

import { cpSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { BrokenInvariant, OperatorError } from '../../src/core/index.js'
import { factsOf, forgeChain, forgeJournal } from './forged-journal.js'
import { barMs, byHand, temporary } from './live-by-hand.js'
import { rowsIn } from './live-failing.js'

/** A run that was killed some ticks after its last checkpoint; the first of these and the last one. */
async function killed(halted = false) {
  const world = await byHand({ checkpointEvery: 1_000 })
  const from = world.shard.tick
  world.pass(6 * barMs, 1_000)
  if (halted) world.command('halt', 'news')
  const to = world.shard.tick
  world.die()
  const at = world.clock.now() + 1_000
  const copy = () => {
    const out = join(mkdtempSync(join(temporary(), 'copy-')), 'run')
    cpSync(world.out, out, { recursive: true })
    return { out, ledger: join(out, 'trades.db') }
  }
  return { copy, at, from: from + 1, to }
}

test('a journal with another digest at any tick since the checkpoint is refused: first, last and between', async () => {
  const { copy, at, from, to } = await killed()
  for (const tick of [from, Math.round((from + to) / 2), to]) {
    const { out, ledger } = copy()
    forgeChain(ledger, tick)
    const before = rowsIn(ledger)
    const refused = byHand({ out, again: true, at })
    await expect(refused, `tick ${tick}`).rejects.toThrow(OperatorError)
    await expect(refused).rejects.toThrow(
      `continuing ${out}: expected the decisions of tick ${tick} as they were journalled, got "others: this is another release, Node version or machine`,
    )
    expect(rowsIn(ledger)).toEqual(before)
  }
})

test('a journal with other inputs is refused at the tick they change', async () => {
  const { copy, at, from } = await killed()
  const { out, ledger } = copy()
  const ticks = factsOf(ledger).filter(({ tick, facts }) => tick > from && facts.length > 0)
  const [one, other] = [ticks[0]?.tick as number, ticks[1]?.tick as number]
  const inputs = new Map<number, Uint8Array>()
  forgeJournal(ledger, row => void inputs.set(row.tick, row.inputs))
  forgeJournal(ledger, row => {
    if (row.tick === one) row.inputs = inputs.get(other) as Uint8Array
  })
  await expect(byHand({ out, again: true, at })).rejects.toThrow(`expected the decisions of tick ${one} as they were`)
})

test('a ledger whose halts are not those in force is a broken invariant', async () => {
  const { copy, at } = await killed(true)
  const { out, ledger } = copy()
  const db = new Database(ledger)
  db.exec('DELETE FROM halts')
  db.close()
  const refused = byHand({ out, again: true, at })
  await expect(refused).rejects.toThrow(BrokenInvariant)
  await expect(refused).rejects.toThrow('the ledger has 0 halts in force, the model 1')
})

test('a journal as it was written goes on where it ended, with the same bar, tick, time and trades', async () => {
  const first = await byHand({ checkpointEvery: 4 })
  first.pass(9 * barMs, 1_000)
  const { tick, time, closedUntil, trades, checkpointStep } = first.shard
  first.die()
  const { shard } = await byHand({ out: first.out, again: true, at: first.clock.now() + 1, history: 0 })
  expect({ tick: shard.tick, time: shard.time, closedUntil: shard.closedUntil, trades: shard.trades }).toEqual({
    tick,
    time,
    closedUntil,
    trades,
  })
  expect(shard.checkpointStep).toBe(checkpointStep)
  expect(trades).toBeGreaterThan(0)
  expect(shard.components.sim.digest).toBe(first.shard.components.sim.digest)
})
