/** A live run on a scripted exchange in the same process: what it decides is journalled, and decided again by a replay. */

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RunDirectory } from '../../src/storage/index.js'
import { readTable } from '../../src/storage/parquet-table.js'
import { live, replay } from '../../src/world/index.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { scenario } from './live-scenario.js'

const origin = Date.UTC(2026, 0, 1)

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-live-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function world(speed: number) {
  const clock = acceleratedClock(speed, origin + 100_000)
  return {
    clock,
    moats: undefined,
    feed: ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) =>
      new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 }),
  }
}

test('a live run replays from its journal to the same ideas, trades and digest', async () => {
  const out = join(temporary(), 'run')
  const result = await live({ scenario, timeframe: '1s', out, forMs: 120_000, environment: {}, overrides: world(15) })
  const ended = { by: 'time', why: 'the 2m asked for are over' }
  expect(result.ended).toEqual(ended)
  expect(RunDirectory.read(out).manifest).toMatchObject({ status: 'finished', ended })
  expect(result.fills).toBeGreaterThan(20)
  expect(result.trades).toBeGreaterThan(5)
  expect(result.collisions?.seen).toBeGreaterThan(0)
  const again = await replay(out, { scenario })
  expect(again.difference).toBeNull()
  expect(again).toMatchObject({ agrees: true, digest: result.digest, ideas: result.ideas, trades: result.trades })
  expect(again.ticks).toBe(result.ticks)
  expect(again.outputs).toEqual(result.outputs)
})

test('a run that ends in the very step of its last checkpoint has written what came after', async () => {
  const out = join(temporary(), 'run')
  const every = { scenario, timeframe: '1s', out, environment: {}, checkpointEvery: 1 }
  const result = await live({ ...every, forMs: 20_900, overrides: world(20) })
  const again = await replay(out, { scenario })
  expect(again.difference).toBeNull()
  expect(again.outputs).toEqual(result.outputs)
})

test('a run that ended keeps no spool, and one that goes on after its end keeps every row from before', async () => {
  const out = join(temporary(), 'run')
  const request = { scenario, timeframe: '1s', out, forMs: 20_000, environment: {} }
  const clock = acceleratedClock(20, origin + 100_000)
  const feed = ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) =>
    new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 })
  const overrides = { clock, moats: undefined, feed }
  await live({ ...request, overrides })
  const steps = async () => (await readTable(join(out, 'model.parquet'), ['step']))?.step ?? []
  const before = await steps()
  expect(before.length).toBeGreaterThan(10)
  expect(readdirSync(out).filter(name => /spool|lock(?!s\.parquet)|-wal|-shm/.test(name))).toEqual([])
  const result = await live({ ...request, overrides })
  const after = await steps()
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.length).toBeGreaterThan(before.length)
  expect((await replay(out, { scenario })).outputs).toEqual(result.outputs)
}, 60_000)
