import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { armFaults, OperatorError } from '../../src/core/index.js'
import {
  CorruptFile,
  DiskFull,
  FileInUse,
  type Manifest,
  NotWritable,
  RejectedLog,
  RunDirectory,
  storageLimits,
  UnknownVersion,
} from '../../src/storage/index.js'
import { mounted, temporary } from './support.js'

const startedAt = '2026-01-31T12:34:56.789Z'
const newRun = (root: string) => ({ scenario: 'scenarios/trifecta.ts', seed: 7, startedAt, root })

const manifest = (runId: string): Manifest => ({
  manifest: 1,
  runId,
  scenario: 'trifecta',
  verb: 'run',
  status: 'running',
  seed: 7,
  parameters: { pairs: 18 },
  versions: { mycelia: '0.1.0', node: process.version },
  commit: null,
  inputs: { 'SOL_USDT-1h.json.gz': 'a'.repeat(64) },
  market: null,
  steps: 0,
  digest: null,
  outputs: {},
  startedAt,
  endedAt: null,
  wallTimeMs: 0,
  summary: {},
})

test('a run gets its own directory with a name people can read, and latest points to the newest', () => {
  const root = join(temporary(), 'runs')
  const first = RunDirectory.create(newRun(root))
  const second = RunDirectory.create(newRun(root))
  expect(first.path).toBe(join(root, 'trifecta', '2026-01-31T12-34-56-seed7'))
  expect(second.path).toBe(`${first.path}-2`)
  second.writeManifest(manifest(second.runId))
  expect(RunDirectory.read(join(root, 'trifecta', 'latest')).runId).toBe(second.runId)
})

test('I8: --out may be new or empty; one in use or a file is refused and nothing is made', () => {
  const root = temporary()
  const empty = join(root, 'empty')
  mkdirSync(empty)
  RunDirectory.create({ ...newRun(root), out: empty }).close()
  const used = join(root, 'used')
  mkdirSync(used)
  writeFileSync(join(used, 'thesis.txt'), 'mine')
  expect(() => RunDirectory.create({ ...newRun(root), out: used })).toThrow(/new or empty directory.*thesis\.txt/)
  const file = join(root, 'file')
  writeFileSync(file, '')
  expect(() => RunDirectory.create({ ...newRun(root), out: file })).toThrow(OperatorError)
  expect(() => RunDirectory.create({ ...newRun(root), out: join(file, 'below') })).toThrow(OperatorError)
  expect(readdirSync(root).sort()).toEqual(['empty', 'file', 'used'])
  expect(readdirSync(used)).toEqual(['thesis.txt'])
})

test('C10: a run directory that cannot be written is a clear error and nothing is made', ctx => {
  const place = mounted('size=1m,ro')
  if ('reason' in place) return ctx.skip(place.reason)
  expect(() => RunDirectory.create(newRun(join(place.path, 'runs')))).toThrow(NotWritable)
  expect(readdirSync(place.path)).toEqual([])
})

test('C10: spaces and Unicode in --out are nothing special', () => {
  const out = join(temporary(), 'my runs', '菌糸 ünï')
  const run = RunDirectory.create({ ...newRun('runs'), out })
  run.writeManifest(manifest(run.runId))
  run.saveCheckpoint(3, Uint8Array.of(1, 2, 3))
  run.close()
  const again = RunDirectory.resume(out)
  expect(again.loadCheckpoint().bytes).toEqual(Uint8Array.of(1, 2, 3))
  again.close()
})

test('a manifest is read back as written, and a wrong one is refused by field', () => {
  const run = RunDirectory.create(newRun(temporary()))
  run.writeManifest(manifest(run.runId))
  expect(run.manifest).toEqual(manifest(run.runId))
  const path = run.file('manifest.json')
  writeFileSync(path, JSON.stringify({ ...manifest('x'), seed: -1 }))
  expect(() => run.manifest).toThrow(/seed/)
  writeFileSync(path, '{')
  expect(() => run.manifest).toThrow(CorruptFile)
})

test('a write that fails leaves the old file whole and nothing beside it', () => {
  const run = RunDirectory.create(newRun(temporary()))
  run.writeManifest(manifest(run.runId))
  const before = readFileSync(run.file('manifest.json'))
  for (const point of ['storage.file', 'storage.rename']) {
    const disarm = armFaults(name => {
      if (name === point) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    })
    expect(() => run.writeManifest({ ...manifest(run.runId), status: 'failed' })).toThrow(DiskFull)
    disarm()
  }
  expect(readFileSync(run.file('manifest.json'))).toEqual(before)
  expect(readdirSync(run.path).filter(name => name.endsWith('.tmp'))).toEqual([])
})

test('the last two checkpoints are kept', () => {
  const run = RunDirectory.create(newRun(temporary()))
  for (const step of [900, 1_000, 1_100]) run.saveCheckpoint(step, new Uint8Array(step).fill(step % 251))
  expect(
    readdirSync(run.path)
      .filter(n => n.startsWith('checkpoint'))
      .sort(),
  ).toEqual(['checkpoint-1000.bin', 'checkpoint-1100.bin'])
  expect(run.loadCheckpoint()).toMatchObject({ step: 1_100, passedOver: [] })
  expect(run.loadCheckpoint().bytes).toEqual(new Uint8Array(1_100).fill(1_100 % 251))
})

test('C8: a checkpoint with any byte flipped or cut anywhere is never taken; the one before it is, and says why', () => {
  const run = RunDirectory.create(newRun(temporary()))
  run.saveCheckpoint(10, Uint8Array.of(1, 2, 3, 4))
  const newest = run.saveCheckpoint(20, Uint8Array.of(5, 6, 7, 8))
  const sound = readFileSync(newest)
  for (let at = 0; at < sound.length; at++) {
    if (at === 7) continue
    const flipped = Buffer.from(sound)
    flipped[at] = (flipped[at] ?? 0) ^ 0x10
    writeFileSync(newest, flipped)
    const found = run.loadCheckpoint()
    expect(found.step).toBe(10)
    expect(found.passedOver[0]).toContain('checkpoint-20.bin')
  }
  for (let length = 0; length < sound.length; length++) {
    writeFileSync(newest, sound.subarray(0, length))
    expect(run.loadCheckpoint().step).toBe(10)
  }
  truncateSync(run.file('checkpoint-10.bin'), 5)
  expect(() => run.loadCheckpoint()).toThrow(CorruptFile)
})

test('C8: a checkpoint of another version is refused, not passed over', () => {
  const run = RunDirectory.create(newRun(temporary()))
  const path = run.saveCheckpoint(10, Uint8Array.of(1))
  const bytes = readFileSync(path)
  bytes[7] = 9
  writeFileSync(path, bytes)
  expect(() => run.loadCheckpoint()).toThrow(UnknownVersion)
})

test('a directory without a checkpoint or manifest says so', () => {
  const run = RunDirectory.create(newRun(temporary()))
  expect(() => run.loadCheckpoint()).toThrow(/expected a checkpoint/)
  expect(() => RunDirectory.read(run.path)).toThrow(/manifest\.json/)
})

test('C9: a run that another writer is at cannot be resumed', () => {
  const run = RunDirectory.create(newRun(temporary()))
  run.writeManifest(manifest(run.runId))
  expect(() => RunDirectory.resume(run.path)).toThrow(FileInUse)
  run.close()
  RunDirectory.resume(run.path).close()
})

test('rejected inputs are kept up to a bound and counted beyond it', () => {
  const path = join(temporary(), 'rejected.jsonl')
  const log = new RejectedLog(path)
  const n = storageLimits.rejectedLines + 500
  for (let i = 0; i < n; i++) log.add({ reason: 'nan', source: `file.csv:${i}:2`, raw: 'x'.repeat(5_000) })
  log.flush()
  expect(log.count).toBe(n)
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  expect(lines.length).toBeLessThanOrEqual(storageLimits.rejectedLines)
  expect(statSync(path).size).toBeLessThan(storageLimits.rejectedBytes + 5_000)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    reason: 'nan',
    source: 'file.csv:0:2',
    raw: 'x'.repeat(storageLimits.rejectedText),
  })
  expect(existsSync(path)).toBe(true)
})

test('a checkpoint under the name of another step is passed over, and one of another release is not', () => {
  const run = RunDirectory.create(newRun(temporary()))
  run.saveCheckpoint(1, new Uint8Array([1]))
  const second = run.saveCheckpoint(2, new Uint8Array([2]))
  writeFileSync(run.file('checkpoint-3.bin'), readFileSync(second))
  const { step, passedOver } = run.loadCheckpoint()
  expect([step, passedOver.length]).toEqual([2, 1])
  expect(passedOver[0]).toContain('expected the state of step 3, got 2')
  const newer = readFileSync(second)
  newer[7] = 9
  writeFileSync(run.file('checkpoint-4.bin'), newer)
  expect(() => run.loadCheckpoint()).toThrow(UnknownVersion)
  run.close()
})

test('results of an earlier end are removed, and nothing else', () => {
  const run = RunDirectory.create(newRun(temporary()))
  for (const name of ['model.parquet', 'report.html', 'trades.db', 'notes.txt']) run.write(name, 'x')
  run.removeResults()
  expect(readdirSync(run.path).filter(name => !name.startsWith('.'))).toEqual(['notes.txt', 'trades.db'])
  run.close()
})
