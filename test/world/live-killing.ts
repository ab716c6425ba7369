/** Trading child processes that are killed, and the audit of what they leave: C1, C2 and R1, as often as asked. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { DAY_MS } from '../../src/core/index.js'
import { openReadOnly, segmentsIn } from '../../src/storage/index.js'
import type { Halt } from '../../src/trading/index.js'
import { replay, writeCommand } from '../../src/world/index.js'
import { command } from '../cli/in-process.js'
import { programFile, root } from './child-program.js'
import { scenario } from './live-scenario.js'

export const origin = Date.UTC(2026, 0, 1)
const speed = 40

interface Said {
  readonly first?: number
  readonly trades?: string[]
  readonly entries?: number
  readonly exits?: number
  /** The portfolio of each entry and of each trade. */
  readonly entered?: string[]
  readonly left?: string[]
  readonly halts?: Halt[]
  readonly state?: string
  readonly done?: string
  readonly failed?: string
}

type Child = ChildProcess & { said: Said[]; startedAt: number }

function place(): { folder: string; out: string; script: string; wallOrigin: number } {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-crash-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const script = programFile('test/world/live-child.ts')
  return { folder, out: join(folder, 'run'), script, wallOrigin: Date.now() }
}

function start({ out, script, wallOrigin }: ReturnType<typeof place>, more: object = {}, node: readonly string[] = []): Child {
  const orders = JSON.stringify({ out, origin, wallOrigin, speed, ...more })
  const child = spawn(process.execPath, [...node, script, orders], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: Said[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) said.push(JSON.parse(line))
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return Object.assign(child, { said, startedAt: performance.now() })
}

async function until(child: Child, holds: (said: Said) => boolean): Promise<Said> {
  for (;;) {
    const found = child.said.find(holds)
    if (found !== undefined) return found
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the child ended: ${JSON.stringify(child.said.at(-1))}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

async function killed(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** 0 acknowledged trades lost or doubled, the file sound, cash and positions what the fills say. */
export function audit(out: string, acknowledged: readonly string[]): number {
  const db = openReadOnly(join(out, 'trades.db'))
  try {
    // Its writer may be at work again: every question is about one state.
    db.exec('BEGIN')
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const ids = db.prepare('SELECT trade_id FROM trades').pluck().all() as string[]
    expect(new Set(ids).size).toBe(ids.length)
    expect(acknowledged.filter(id => !ids.includes(id))).toEqual([])
    const portfolios = db.prepare('SELECT book AS portfolio, start_e6, cash_e6 FROM books').all() as {
      portfolio: string
      start_e6: number
      cash_e6: number
    }[]
    for (const { portfolio, start_e6, cash_e6 } of portfolios) {
      const moved = db
        .prepare(
          "SELECT coalesce(sum(CASE side WHEN 'sell' THEN notional_e6 ELSE -notional_e6 END - fee_e6), 0) FROM fills WHERE book = ?",
        )
        .pluck()
        .get(portfolio) as number
      const borrowed = db
        .prepare('SELECT coalesce(sum(borrow_e6), 0) FROM trades WHERE book = ?')
        .pluck()
        .get(portfolio) as number
      expect(cash_e6).toBe(start_e6 + moved - borrowed)
    }
    const open = db
      .prepare('SELECT trade_id FROM fills GROUP BY trade_id HAVING sum(opens) = 1 AND count(*) = 1 ORDER BY 1')
      .pluck()
      .all()
    expect(db.prepare('SELECT trade_id FROM positions ORDER BY 1').pluck().all()).toEqual(open)
    return ids.length
  } finally {
    db.close()
  }
}

/** Positions open after what it said. */
const held = (child: Child) => child.said.reduce((sum, s) => sum + (s.entries ?? 0) - (s.exits ?? 0), 0)

const tradesOf = (child: Child) => child.said.flatMap(s => s.trades ?? [])

const points = [
  'live.taken',
  'live.decided',
  'storage.journal',
  'storage.decisions',
  'storage.fills',
  'storage.books',
  'live.committed',
  'live.sent',
  'storage.checkpoint',
  'live.checkpointed',
  'live.retained',
]

/** C1: kills at random instants, slowly enough for a busy machine not to sleep through its prints; resolves to the slowest start, from spawn to the first tick, ms. */
export async function killAtRandom(kills: number): Promise<number> {
  const where = place()
  const acknowledged: string[] = []
  let slowest = 0
  for (let kill = 0; kill < kills; kill++) {
    const child = start(where, { speed: 20 })
    await until(child, s => s.first !== undefined)
    slowest = Math.max(slowest, performance.now() - child.startedAt)
    await new Promise(resolve => setTimeout(resolve, (kill * 7_919) % 2_000))
    await killed(child)
    acknowledged.push(...tradesOf(child))
    audit(where.out, acknowledged)
  }
  const last = start(where, { speed: 20, forMs: 40_000 })
  const { done } = await until(last, s => s.done !== undefined || s.failed !== undefined)
  acknowledged.push(...tradesOf(last))
  expect(acknowledged.length).toBeGreaterThan(20)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  audit(where.out, acknowledged)
  expect(await replay(where.out, { scenario })).toMatchObject({ difference: null, digest: done })
  return slowest
}

/** C2: kills between every two stages of a tick, `times` at each. */
export async function killBetweenStages(times: number): Promise<void> {
  const where = place()
  const acknowledged: string[] = []
  for (const point of Array.from({ length: times }, () => points).flat()) {
    const passage = point.includes('checkpoint') || point === 'live.retained' ? 2 : 20 + (acknowledged.length % 40)
    const child = start(where, { dieAt: { point, passage } })
    await once(child, 'exit')
    expect(child.signalCode, `${point}: ${JSON.stringify(child.said.at(-1))}`).toBe('SIGKILL')
    acknowledged.push(...tradesOf(child))
    audit(where.out, acknowledged)
  }
  const last = start(where, { forMs: 5_000 })
  const { done, failed } = await until(last, s => s.done !== undefined || s.failed !== undefined)
  expect(failed).toBeUndefined()
  acknowledged.push(...tradesOf(last))
  expect(acknowledged.length).toBeGreaterThan(20)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  audit(where.out, acknowledged)
  expect(await replay(where.out, { scenario })).toMatchObject({ difference: null, digest: done })
}

interface Passage {
  readonly point: string
  readonly passage: number
}

/** Where the loop hands rows over to a segment, and where its thread writes it. */
const inLoop: readonly Passage[] = [
  { point: 'storage.keep', passage: 2 },
  { point: 'storage.closing', passage: 1 },
  { point: 'storage.drop', passage: 2 },
]
const inThread: readonly Passage[] = [
  { point: 'storage.segment', passage: 1 },
  ...['storage.file', 'storage.rename'].flatMap(point => [1, 2].map(passage => ({ point, passage }))),
]

/** C2: kills at every stage of closing a segment of the journal, `times` at each; no row is lost, and all of it replays. */
export async function killWhileArchiving(times: number): Promise<void> {
  const where = place()
  const acknowledged: string[] = []
  const orders = { segmentTicks: 20, speed: 10 }
  const kills = [...inLoop.map(dieAt => ({ dieAt, node: [] })), ...inThread.map(at => ({ dieAt: at, node: armedThreads(at) }))]
  for (const { dieAt, node } of Array.from({ length: times }, () => kills).flat()) {
    const child = start(where, node.length > 0 ? orders : { ...orders, dieAt }, node)
    await once(child, 'exit')
    expect(child.signalCode, `${dieAt.point}: ${JSON.stringify(child.said.at(-1))}`).toBe('SIGKILL')
    acknowledged.push(...tradesOf(child))
    audit(where.out, acknowledged)
    wholeJournal(where.out)
  }
  const last = start(where, { ...orders, forMs: 5_000 })
  const { done, failed } = await until(last, s => s.done !== undefined || s.failed !== undefined)
  expect(failed).toBeUndefined()
  acknowledged.push(...tradesOf(last))
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  audit(where.out, acknowledged)
  expect(segmentsIn(join(where.out, 'journal')).length).toBeGreaterThan(1)
  expect(await replay(where.out, { scenario })).toMatchObject({ difference: null, verdict: 'agrees', share: 1, digest: done })
}

/** Options of Node that kill the process at a passage of a fault point in one of its threads, which run the built files. */
function armedThreads({ point, passage }: Passage): string[] {
  const fault = pathToFileURL(join(root, 'dist', 'src', 'core', 'fault.js')).href
  const program = `
    import { isMainThread } from 'node:worker_threads'
    import { armFaults } from ${JSON.stringify(fault)}
    let passages = 0
    if (!isMainThread) armFaults(name => {
      if (name === ${JSON.stringify(point)} && ++passages === ${passage}) process.kill(process.pid, 'SIGKILL')
    })`
  return ['--import', `data:text/javascript,${encodeURIComponent(program)}`]
}

/** Every tick is in the ledger or in a segment, and the segments adjoin. */
function wholeJournal(out: string): void {
  const segments = segmentsIn(join(out, 'journal'))
  for (const [i, { from }] of segments.entries()) expect(from).toBe(i === 0 ? 0 : segments[i - 1]?.to)
  const db = openReadOnly(join(out, 'trades.db'))
  try {
    const { first, last, rows } = db
      .prepare('SELECT min(tick) AS first, max(tick) AS last, count(*) AS rows FROM journal')
      .get() as { first: number; last: number; rows: number }
    expect(rows).toBe(last - first + 1)
    expect(first).toBeLessThanOrEqual((segments.at(-1)?.to ?? 0) + 1)
  } finally {
    db.close()
  }
}

/** R1: a halt outlives the kills with its reason and end; nothing is entered, and exits go on. */
export async function killWhileHalted(kills: number): Promise<void> {
  const where = place()
  const slow = { speed: 10 }
  const first = start(where, slow)
  await until(first, () => held(first) >= 3)
  writeCommand(where.out, { do: 'halt', reason: 'news at eight' }, 1)
  const { halts } = await until(first, s => s.halts?.some(h => h.kind === 'operator' && h.on === true) ?? false)
  const from = first.said.findIndex(s => s.halts === halts)
  await killed(first)
  let exits = first.said.slice(from + 1).reduce((sum, s) => sum + (s.exits ?? 0), 0)
  for (let kill = 0; kill < kills; kill++) {
    const child = start(where, slow)
    const said = await until(child, s => s.state === 'live' && s.halts !== undefined)
    expect(said.halts).toMatchObject([{ kind: 'operator', reason: 'news at eight', ends: 'the operator resumes trading' }])
    await new Promise(resolve => setTimeout(resolve, 250))
    await killed(child)
    expect(child.said.reduce((sum, s) => sum + (s.entries ?? 0), 0)).toBe(0)
    exits += child.said.reduce((sum, s) => sum + (s.exits ?? 0), 0)
  }
  expect(exits).toBeGreaterThan(0)
  writeCommand(where.out, { do: 'resume', reason: 'over' }, 2)
  const last = start(where, slow)
  await until(last, s => (s.entries ?? 0) > 0)
  await killed(last)
  audit(where.out, [])
}

/** R1: the lock of a profile's rule outlives the kills as it was; its portfolio enters nothing and leaves, until an operator ends it. */
export async function killWhileLocked(kills: number): Promise<void> {
  const where = place()
  const daily = { speed: 10, profile: ['haven', { name: 'day', limits: { dailyLossUsd: 1 } }] }
  const first = start(where, daily)
  const begins = ({ kind, on }: Halt) => kind === 'dailyLoss' && on
  const lock = (await until(first, s => s.halts?.some(begins) ?? false)).halts?.find(begins) as Halt
  await killed(first)
  expect(lock).toMatchObject({ id: `${lock.portfolio}:dailyLoss:all:${lock.time}`, until: origin + DAY_MS })
  const since = first.said.slice(first.said.findIndex(s => s.halts?.some(begins)) + 1)
  for (let kill = 0; kill < kills; kill++) {
    const child = start(where, daily)
    const { halts = [] } = await until(child, s => s.state === 'live' && s.halts !== undefined)
    expect(halts).toContainEqual(lock)
    await new Promise(resolve => setTimeout(resolve, 500))
    await killed(child)
    since.push(...child.said)
  }
  expect(since.flatMap(s => s.entered ?? [])).not.toContain(lock.portfolio)
  expect(since.flatMap(s => s.left ?? [])).toContain(lock.portfolio)
  expect((await command(['status', where.out])).stdout).toContain(`Lock ${lock.id}.`)
  await unlocked(where, daily, lock)
}

/** Ends the lock by its id while the run goes on; it is journalled, entries go on, and a replay agrees. */
async function unlocked(where: ReturnType<typeof place>, daily: object, { id, portfolio }: Halt): Promise<void> {
  const child = start(where, { ...daily, forMs: 60_000 })
  await until(child, s => s.state === 'live')
  const unknown = await command(['unlock', 'nothing', where.out])
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining(id)])
  expect((await command(['unlock', id, where.out, '--reason', 'capital added'])).stdout).toContain(`Journalled: unlock ${id}`)
  const ended = await until(child, s => s.halts?.some(halt => halt.id === id && !halt.on) ?? false)
  expect(ended.halts?.find(halt => halt.id === id)).toMatchObject({ on: false, reason: 'capital added' })
  const { done, failed } = await until(child, s => s.done !== undefined || s.failed !== undefined)
  expect(failed).toBeUndefined()
  expect(child.said.slice(child.said.indexOf(ended)).flatMap(s => s.entered ?? [])).toContain(portfolio)
  audit(where.out, [])
  expect(await replay(where.out, { scenario })).toMatchObject({ difference: null, digest: done })
}
