/** The journal of a whole run leaves the ledger in segments: nothing is lost or doubled by a crash, and a replay proves all that is kept. */

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { armFaults } from '../../src/core/index.js'
import { checkRun, openReadOnly, type StartWriting, segmentsIn, statesIn } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'
import { command } from '../cli/in-process.js'
import { barMs, byHand, temporary, writeHere } from './live-by-hand.js'
import { reconciles } from './live-failing.js'
import { scenario } from './live-scenario.js'
import { type Recorded, recorded } from './recorded-run.js'

const segmentTicks = 15
const journal = (out: string) => join(out, 'journal')

/** A run that ended, which two tests look at. */
let made: Recorded
beforeAll(async () => {
  made = await recorded(30_000)
})

/** Ticks in the ledger and in the segments, each as often as it is there. */
function ticksOf(out: string): number[] {
  const db = openReadOnly(join(out, 'trades.db'))
  const rows = db.prepare('SELECT tick FROM journal ORDER BY tick').pluck().all() as number[]
  db.close()
  const closed = segmentsIn(journal(out)).flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + 1 + i))
  return [...closed, ...rows]
}

/** Every tick is somewhere, and once in the segments. */
function whole(out: string, last: number): void {
  const ticks = ticksOf(out)
  expect(new Set(ticks)).toEqual(new Set(Array.from({ length: last }, (_, i) => i + 1)))
  const segments = segmentsIn(journal(out))
  for (const [i, { from }] of segments.entries()) expect(from).toBe(i === 0 ? 0 : segments[i - 1]?.to)
}

test('what lies before the older checkpoint is in segments, each with its checkpoint, and no longer in the ledger', async () => {
  const first = await byHand({ segmentTicks })
  first.pass(20 * barMs + 10_000, 1_000)
  const { tick } = first.shard
  first.die()
  const segments = segmentsIn(journal(first.out))
  expect(segments.length).toBeGreaterThan(2)
  whole(first.out, tick)
  const db = openReadOnly(join(first.out, 'trades.db'))
  expect(db.prepare('SELECT min(tick) FROM journal').pluck().get()).toBe((segments.at(-1)?.to ?? 0) + 1)
  db.close()
  const begins = [...segments.map(({ from }) => from), segments.at(-1)?.to]
  expect(statesIn(journal(first.out)).map(state => state.tick)).toEqual(begins)
  const told = await replay(first.out, { scenario })
  expect(told).toMatchObject({ difference: null, verdict: 'agrees', share: 1, ticks: tick })
})

const points = ['storage.keep', 'storage.closing', 'storage.segment', 'storage.file', 'storage.rename', 'storage.drop']

test.each(points)('C2: a crash at %s loses nothing and doubles nothing; the run goes on, and all of it replays', async point => {
  const first = await byHand({ segmentTicks })
  first.pass(6 * barMs, 1_000)
  let armed = 0
  const disarm = armFaults(name => {
    // The files of the segment, not the checkpoint before it or the status.
    const isInTurn = name === point && (!['storage.file', 'storage.rename'].includes(point) || ++armed % 2 === 0)
    if (isInTurn) throw Object.assign(new Error('killed here'), { code: 'EIO' })
  })
  onTestFinished(disarm)
  try {
    first.pass(12 * barMs, 1_000)
  } catch (error) {
    expect(String(error)).toMatch(/killed here|device|EIO/)
  }
  disarm()
  const before = first.shard.tick
  first.die()
  whole(first.out, before)
  const again = await byHand({ out: first.out, again: true, at: first.clock.now() + 5_000, segmentTicks })
  again.pass(14 * barMs, 1_000)
  const { tick } = again.shard
  again.die()
  whole(first.out, tick)
  reconciles(first.out)
  expect(readdirSync(journal(first.out)).filter(name => name.endsWith('.tmp'))).toEqual([])
  expect(await replay(first.out, { scenario })).toMatchObject({ difference: null, verdict: 'agrees', ticks: tick })
})

test('a segment that cannot be written stops nothing: the rows stay in the ledger, it is said, and the next checkpoint tries again', async () => {
  let failures = 2
  const failing: StartWriting = (task, ended) => {
    if (failures-- > 0) {
      ended(new Error('no room'))
      return async () => undefined
    }
    return writeHere(task, ended)
  }
  const first = await byHand({ segmentTicks, startWriting: failing })
  first.pass(20 * barMs, 1_000)
  expect(first.notes.slice(0, 2)).toEqual([
    expect.stringMatching(/^The journal up to tick \d+ stays in the ledger: no room$/),
    expect.stringMatching(/stays in the ledger/),
  ])
  expect(first.shard.components.archive.counters).toMatchObject({ failed: 2 })
  expect(segmentsIn(journal(first.out)).length).toBeGreaterThan(0)
  const { tick } = first.shard
  first.die()
  whole(first.out, tick)
})

test('segments that exceed the size to keep are dropped, oldest first; it is said once, and a replay says how much is left', async () => {
  const first = await byHand({ segmentTicks, keep: { days: 1_000, bytes: 120_000 } })
  first.pass(40 * barMs, 1_000)
  const { tick } = first.shard
  const { dropped, bytes } = first.shard.components.archive.counters
  first.die()
  expect(dropped).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(120_000)
  expect(first.notes.filter(note => /was dropped, because it exceeds/.test(note)).length).toBe(1)
  const [oldest] = segmentsIn(journal(first.out))
  const told = await replay(first.out, { scenario })
  expect(told).toMatchObject({ difference: null, agrees: false, verdict: 'partial', ticks: tick })
  expect(told.parts[0]).toMatchObject({ from: oldest?.from, replayed: tick - (oldest?.from ?? 0) })
  expect(told.share).toBeCloseTo(told.replayed.ticks / tick)
})

test('segments older than the days to keep are dropped', async () => {
  const first = await byHand({ segmentTicks, keep: { days: 15 / 1_440, bytes: Number.POSITIVE_INFINITY } })
  first.pass(40 * barMs, 1_000)
  expect(first.notes.filter(note => /was dropped, because it is older than/.test(note)).length).toBe(1)
  expect(first.shard.components.archive.counters.dropped).toBeGreaterThan(0)
  first.die()
})

test('a replay of a part says so: begun at a tick, a step or a time, with several threads or one, it comes to the same', async () => {
  const { run, copy } = made
  const all = await replay(run, { cores: 1 })
  expect(all).toMatchObject({ verdict: 'agrees', differences: [] })
  const threaded = await replay(run, { cores: 2 })
  const { stepsPerSecond: _, ...same } = all
  expect(threaded).toMatchObject(same)
  const [, second] = segmentsIn(journal(run))
  const from = second?.from ?? 0
  expect(from).toBeGreaterThan(0)
  const part = await replay(run, { from: { tick: from + 2 } })
  expect(part).toMatchObject({ verdict: 'partial', agrees: false, difference: null, digest: all.digest, outputs: all.outputs })
  expect(part.parts[0]).toMatchObject({ from, replayed: all.ticks - from })
  expect((await replay(run, { from: { step: all.steps } })).parts[0]?.from).toBeGreaterThan(from)
  expect((await replay(run, { from: { time: Date.UTC(2026, 0, 2) } })).parts[0]?.from).toBeGreaterThan(from)

  const whole = await command(['replay', run])
  expect(whole).toMatchObject({ code: 0, stderr: '' })
  expect(whole.stdout).toMatch(new RegExp(`^Replayed ${all.ticks} of ${all.ticks} ticks \\(100\\.00 %\\), .*: all agree\\.`))
  const wanted = await command(['replay', run, '--from', String(from + 2)])
  expect(wanted).toMatchObject({ code: 0, stderr: '' })
  expect(wanted.stdout).toMatch(/ticks \(\d\d\.\d\d %\), .*: partial, and what was replayed agrees\./)
  const wrong = await command(['replay', run, '--from', 'noon'])
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('step:90') })

  const shorter = copy()
  for (const { path } of segmentsIn(journal(shorter)).slice(0, 1)) rmSync(path)
  const dropped = await command(['replay', shorter])
  expect(dropped.code).toBe(1)
  expect(dropped.stderr).toMatch(
    /^mycelia: The replay is partial: it proves \d\d\.\d\d % of the run, the ticks after \d+; those before were dropped\.\n$/,
  )
})

test('nothing that can be replayed is no agreement', async () => {
  const first = await byHand({ history: 0 })
  first.die()
  expect(await replay(first.out, { scenario })).toMatchObject({ verdict: 'nothing', agrees: false, share: 0, difference: null })
})

test('a segment, a checkpoint or an end of the journal that is not as it was written is named', async () => {
  const { copy } = made
  const flip = (path: string) => {
    const bytes = [...readFileSync(path)]
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(path, Uint8Array.from(bytes))
  }
  const altered: [(out: string) => string][] = [
    [out => segmentsIn(journal(out))[0]?.path ?? ''],
    [out => statesIn(journal(out))[1]?.path ?? ''],
  ]
  for (const [place] of altered) {
    const out = copy()
    const path = place(out)
    flip(path)
    const told = await replay(out)
    expect(told.verdict).toBe('differs')
    expect(told.difference?.what).toContain(path)
    expect((await checkRun(out)).problems.join()).toContain(path)
  }
  const cut = copy()
  const db = new Database(join(cut, 'trades.db'))
  db.exec('DELETE FROM journal WHERE tick = (SELECT max(tick) FROM journal)')
  db.close()
  await expect(replay(cut)).rejects.toThrow(/a journal that reaches it/)
  const forged = copy()
  const manifest = join(forged, 'manifest.json')
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replace(/"head": "\w{64}"\s*\},\s*"startedAt"/, `"head": "${'0'.repeat(64)}" }, "startedAt"`),
  )
  expect((await replay(forged)).difference?.what).toBe('the journal up to it is not the one that manifest.json names')
})

test('a segment that is missing between others is named by its ticks', async () => {
  const first = await byHand({ segmentTicks })
  first.pass(20 * barMs + 10_000, 1_000)
  first.die()
  const manifest = join(first.out, 'manifest.json')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"status": "running"', '"status": "interrupted"'))
  const [, middle] = segmentsIn(journal(first.out))
  rmSync(middle?.path ?? '')
  const ticks = `the ticks from ${(middle?.from ?? 0) + 1} to ${middle?.to}`
  expect(await replay(first.out, { scenario })).toMatchObject({
    verdict: 'differs',
    difference: { what: `the journal lacks ${ticks}` },
  })
  expect((await checkRun(first.out)).problems).toContainEqual(expect.stringContaining(`${ticks} are missing`))
})

test('a run continued from another copy of its journal is refused by name, and nothing is changed', async () => {
  const first = await byHand({ segmentTicks })
  first.pass(10 * barMs, 1_000)
  first.die()
  const older = join(temporary(), 'older')
  cpSync(first.out, older, { recursive: true })
  const again = await byHand({ out: first.out, again: true, at: first.clock.now() + 1_000, segmentTicks })
  again.pass(20 * barMs, 1_000)
  again.die()
  cpSync(journal(first.out), journal(older), { recursive: true })
  const before = readdirSync(journal(older))
  await expect(byHand({ out: older, again: true })).rejects.toThrow(/expected "?a ledger whose tick \d+ ends/)
  expect(readdirSync(journal(older))).toEqual(before)
})
