/** C6 and the promise behind it: whatever storage call fails, a run is retried or halts, and a resume ends as if nothing had been. */

import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { armFaults, decodeValue, encodeValue, MyceliaError } from '../../src/core/index.js'
import { checkDatabase, DiskFull, RunDirectory, RunOutputs, StorageError } from '../../src/storage/index.js'
import { Fills, PatternLog, TradeConfirmations } from '../../src/trading/index.js'
import { fillsOf, mounted, pattern, portfolioAfter, rowsOf, table, temporary, trade } from './support.js'

const steps = 6
const every = 2

/** A small run: a trade, a pattern and a row of the model a step, a checkpoint each two, Parquet at the end. */
function play(out: string): Record<string, string> {
  const resumed = existsSync(join(out, 'manifest.json')) && hasCheckpoint(out)
  if (!resumed) rmSync(out, { recursive: true, force: true })
  const run = resumed
    ? RunDirectory.resume(out)
    : RunDirectory.create({ scenario: 'c6', seed: 1, startedAt: '2026-01-01T00:00:00Z', out })
  try {
    return drive(run, resumed)
  } finally {
    run.close()
  }
}

function drive(run: RunDirectory, resumed: boolean): Record<string, string> {
  if (!resumed) run.writeManifest(manifestOf(run.runId))
  const outputs = RunOutputs.open(run, { trading: true })
  try {
    const from = resumed ? restore(run, outputs) : 0
    for (let step = from + 1; step <= steps; step++) {
      oneStep(outputs, step)
      if (step % every === 0) run.saveCheckpoint(step, encodeValue(outputs.position()))
    }
    outputs.finish()
    return outputs.outputs()
  } finally {
    outputs.close()
  }
}

function restore(run: RunDirectory, outputs: RunOutputs): number {
  const { step, bytes } = run.loadCheckpoint()
  outputs.truncate(decodeValue(bytes))
  return step
}

function oneStep(outputs: RunOutputs, step: number): void {
  const t = trade(step)
  for (const fill of fillsOf(t)) outputs.hear(Fills, fill, step)
  outputs.hear(TradeConfirmations, t, step)
  outputs.hear(PatternLog, pattern(step), step)
  outputs.write(table('model', [{ step, equity: step / 3 }]))
  outputs.setPortfolios([portfolioAfter(Array.from({ length: step }, (_, i) => trade(i + 1)))])
}

function hasCheckpoint(out: string): boolean {
  try {
    return RunDirectory.read(out).loadCheckpoint().step > 0
  } catch {
    return false
  }
}

function manifestOf(runId: string) {
  const past = { status: 'running', commit: null, market: null, digest: null, endedAt: null } as const
  const plain = { parameters: {}, versions: {}, inputs: {}, outputs: {}, summary: {}, steps: 0, wallTimeMs: 0 }
  return {
    ...past,
    ...plain,
    manifest: 1 as const,
    runId,
    scenario: 'c6',
    verb: 'run' as const,
    seed: 1,
    startedAt: '2026-01-01T00:00:00Z',
  }
}

function contents(out: string) {
  const db = join(out, 'trades.db')
  return {
    trades: rowsOf(db, 'SELECT * FROM trades'),
    fills: rowsOf(db, 'SELECT * FROM fills'),
    portfolios: rowsOf(db, 'SELECT * FROM books'),
    patterns: rowsOf(join(out, 'mycelial_patterns.db'), 'SELECT * FROM patterns'),
  }
}

test('C6: any storage call that fails, in any of four ways, is retried or halts by name; a resume ends the same', () => {
  const reference = join(temporary(), 'run')
  const outputs = play(reference)
  const expected = contents(reference)
  expect(checkDatabase(join(reference, 'trades.db')).problems).toEqual([])
  const points = new Set<string>()
  for (const code of ['EIO', 'ENOSPC', 'EACCES', 'SQLITE_BUSY']) {
    for (let n = 1, injected = true; injected; n++) {
      const out = join(temporary(), 'run')
      const { failed, point } = playFailing(out, n, code)
      injected = point !== undefined
      if (point !== undefined) points.add(point)
      if (failed && existsSync(join(out, 'trades.db'))) reconcilesOrEmpty(join(out, 'trades.db'))
      if (failed) expect(play(out)).toEqual(outputs)
      expect(contents(out)).toEqual(expected)
      rmSync(out, { recursive: true, force: true })
    }
  }
  expect([...points].sort()).toEqual(
    ['storage.begin', 'storage.checkpoint', 'storage.commit', 'storage.directory', 'storage.file', 'storage.lock', 'storage.open']
      .concat(['storage.parquet', 'storage.read', 'storage.rename', 'storage.row', 'storage.spool', 'storage.sync'])
      .sort(),
  )
})

/** Plays a run whose n-th storage call fails once. */
function playFailing(out: string, n: number, code: string): { failed: boolean; point: string | undefined } {
  let calls = 0
  let point: string | undefined
  const disarm = armFaults(name => {
    if (++calls !== n) return
    point = name
    throw Object.assign(new Error(`injected ${code}`), { code })
  })
  try {
    play(out)
    return { failed: false, point }
  } catch (error) {
    if (!(error instanceof MyceliaError)) throw error
    expect(error).toBeInstanceOf(StorageError)
    if (code === 'SQLITE_BUSY') expect(point).toBe('storage.lock')
    return { failed: true, point }
  } finally {
    disarm()
  }
}

/** Between the failure and the resume the money is right too. */
function reconcilesOrEmpty(path: string): void {
  if (rowsOf(path, 'SELECT 1 FROM sqlite_master').length > 0) expect(checkDatabase(path).problems).toEqual([])
}

test('C5: a run that fills its disk halts by name and, given room, ends as if it had never stopped', ctx => {
  const reference = join(temporary(), 'run')
  const outputs = play(reference)
  const place = mounted('size=2m')
  if ('reason' in place) return ctx.skip(place.reason)
  const out = join(place.path, 'run')
  const ballast = join(place.path, 'ballast')
  let stopped: unknown
  const disarm = armFaults(name => {
    if (name === 'storage.checkpoint' && !existsSync(ballast)) fillUp(ballast)
  })
  try {
    play(out)
  } catch (error) {
    stopped = error
  }
  disarm()
  expect(stopped).toBeInstanceOf(DiskFull)
  expect((stopped as DiskFull).message).toMatch(/disk full while writing .*: expected \d+ bytes free, got \d+\. Free that space/)
  rmSync(ballast)
  expect(play(out)).toEqual(outputs)
  expect(contents(out)).toEqual(contents(reference))
})

function fillUp(path: string): void {
  for (let bytes = 1 << 18; bytes >= 512; bytes /= 2) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' })
    } catch {
      // No room for this much: try half.
    }
  }
}

test('C6: EIO of a real device would be named too: a directory in the place of a file', () => {
  const run = RunDirectory.create({ scenario: 'x', seed: 1, startedAt: '2026-01-01T00:00:00Z', root: temporary() })
  execFileSync('mkdir', [run.file('manifest.json')])
  expect(() => run.write('manifest.json', 'x')).toThrow(StorageError)
})
