/** A replay of a run that goes on: what the run moves, compresses and drops meanwhile is no difference. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { segmentsIn, statesIn } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'
import { barMs, byHand } from './live-by-hand.js'
import { scenario } from './live-scenario.js'

const journal = (out: string) => join(out, 'journal')

/** Calls `act` once, after so many ticks of a replay: it reports every 256. */
function after(ticks: number, act: () => void): (progress: { ticks: number }) => void {
  let done = false
  return progress => {
    if (done || progress.ticks < ticks) return
    done = true
    act()
  }
}

test('a run that closes segments, deletes their rows and removes its checkpoints while it is replayed agrees, up to where it was', async () => {
  const run = await byHand({ segmentTicks: 15 })
  run.pass(12 * barMs, 1_000)
  const { tick } = run.shard
  const before = segmentsIn(journal(run.out)).length
  const told = await replay(run.out, { scenario, cores: 1, onProgress: after(1, () => run.pass(16 * barMs, 1_000)) })
  expect(segmentsIn(journal(run.out)).length).toBeGreaterThan(before + 1)
  expect(run.shard.tick).toBeGreaterThan(tick)
  expect(told).toMatchObject({ difference: null, verdict: 'agrees', ticks: tick })
})

test('a run that drops its oldest segments while it is replayed is proven in part, from where they end', async () => {
  const run = await byHand({ segmentTicks: 15 })
  run.pass(22 * barMs, 1_000)
  const { tick } = run.shard
  const segments = segmentsIn(journal(run.out))
  expect(segments.length).toBeGreaterThan(2)
  const drop = () => {
    const { from = 0 } = segments[2] ?? {}
    for (const { path } of segments.filter(({ to }) => to <= from)) rmSync(path)
    for (const { path } of statesIn(journal(run.out)).filter(state => state.tick < from)) rmSync(path)
    run.pass(6 * barMs, 1_000)
  }
  const told = await replay(run.out, { scenario, cores: 1, onProgress: after(1, drop) })
  expect(told).toMatchObject({ difference: null, differences: [], verdict: 'partial', agrees: false, ticks: tick })
  expect(told.parts[0]).toMatchObject({ from: segments[2]?.from, replayed: tick - (segments[2]?.from ?? 0) })
})

test('a run that drops every segment while it is replayed is proven by what the ledger still had', async () => {
  const run = await byHand({ segmentTicks: 15 })
  run.pass(12 * barMs, 1_000)
  const { tick } = run.shard
  const last = segmentsIn(journal(run.out)).at(-1)?.to ?? 0
  const drop = () => {
    for (const { path } of [...segmentsIn(journal(run.out)), ...statesIn(journal(run.out))]) rmSync(path)
  }
  const told = await replay(run.out, { scenario, cores: 1, onProgress: after(1, drop) })
  expect(told).toMatchObject({ difference: null, verdict: 'partial', ticks: tick })
  expect(told.parts[0]).toMatchObject({ from: last, replayed: tick - last })
})
