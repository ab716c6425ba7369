/** Supervisors of tests: over light children, and over trading ones that are killed, stopped, locked out and left without a disk. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished } from 'vitest'
import { systemClock } from '../../src/feed/index.js'
import {
  type Channel,
  type Kept,
  Notifier,
  type RunLevel,
  redactor,
  type Supervised,
  Supervisor,
  type SupervisorStatus,
  superviseSettings,
} from '../../src/ops/index.js'
import { replay } from '../../src/world/index.js'
import { programFile, root } from '../world/child-program.js'
import { audit, origin } from '../world/live-killing.js'
import { scenario } from '../world/live-scenario.js'

export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-supervise-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A child that does what `what` says. */
export function lightChild(folder: string, what: string, name = 'main'): Supervised {
  const command = [process.execPath, join(root, 'test', 'ops', 'child.mjs'), what] as const
  return {
    name,
    command,
    run: join(folder, 'run'),
    environment: { ...process.env, PLANTED_TOKEN: 'planted-secret-1' },
    sources: [],
    model: undefined,
  }
}

/** Milliseconds where a supervisor has seconds. */
export const fast = {
  watchMs: 50,
  checkMs: 200,
  thresholds: { beatAgeMs: 1_000, startMs: 20_000 },
  restarts: { firstMs: 50, longestMs: 400, windowMs: 60_000, termMs: 300, stopMs: 5_000 },
}

export function supervising(
  folder: string,
  children: readonly Supervised[],
  config: object = fast,
  channels: readonly Channel[] = [],
) {
  const settings = superviseSettings({ ...config, children: Object.fromEntries(children.map(({ name }) => [name, {}])) })
  const clock = systemClock()
  const said: string[] = []
  const levels: [RunLevel, string][] = []
  const redact = redactor({ PLANTED_TOKEN: 'planted-secret-1' })
  const notifier = new Notifier({ folder, channels, clock, redact, say: line => said.push(line), policy: settings.notices })
  const setLevel = async (_run: string, level: RunLevel, reason: string): Promise<Kept> => {
    levels.push([level, reason])
    return { level }
  }
  const checker = join(root, 'dist', 'src', 'ops', 'supervise', 'check-entry.js')
  const supervisor = new Supervisor({ folder, settings, children, notifier, clock, redact, setLevel, chance: () => 0.5, checker })
  const stopping = new AbortController()
  const running = supervisor.run(stopping.signal)
  const stop = async (): Promise<SupervisorStatus> => {
    stopping.abort()
    const status = await running
    await notifier.close()
    return status
  }
  onTestFinished(() => void stop().catch(() => undefined))
  const kinds = () =>
    notifier.record
      .events(10_000)
      .map(({ kind }) => kind)
      .reverse()
  return { supervisor, notifier, running, stop, said, levels, kinds }
}

export const eventually = { timeout: 30_000, interval: 20 }

/** What is done to a trading child. */
const afflictions = ['kill', 'full', 'stop', 'locked'] as const

/**
 * Harms a supervised trading child so often, each time by another of these; resolves to the longest way from detection to its being live
 * again, ms, after no trade was found lost or doubled.
 */
export async function harmed(times: number, chance: () => number): Promise<number> {
  const folder = temporary()
  const [out, fullAt] = [join(folder, 'run'), join(folder, 'full')]
  const orders = { out, origin, wallOrigin: Date.now(), speed: 20, fullAt }
  const script = programFile('test/world/live-child.ts')
  const command = [process.execPath, script, JSON.stringify(orders)] as const
  const child = { name: 'main', command, run: out, environment: process.env, sources: [], model: undefined }
  const thresholds = { beatAgeMs: 3_000, startMs: 30_000 }
  const restarts = { most: 5, windowMs: 2_000, stopMs: 10_000 }
  const { supervisor, notifier, stop } = supervising(folder, [child], { watchMs: 100, checkMs: 60_000, thresholds, restarts })
  const status = () => supervisor.status.children[0]
  const isLive = () => status()?.state === 'running' && status()?.beat?.state === 'live'
  let slowest = 0
  for (let i = 0; i < times; i++) {
    await expect.poll(isLive, eventually).toBe(true)
    await new Promise(resolve => setTimeout(resolve, chance() * 1_500))
    const { pid, restarts: before } = { pid: status()?.pid ?? 0, restarts: status()?.restarts ?? 0 }
    const heal = afflict(afflictions[i % afflictions.length] as (typeof afflictions)[number], { pid, out, fullAt })
    await expect.poll(() => status()?.restarts, eventually).toBe(before + 1)
    heal()
    await expect.poll(isLive, eventually).toBe(true)
    const [found] = notifier.record.events(100).filter(({ kind }) => kind === 'hung' || kind === 'ended')
    slowest = Math.max(slowest, Date.now() - (found?.time ?? 0))
    audit(out, acknowledgedIn(folder))
  }
  await stop()
  const acknowledged = acknowledgedIn(folder)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  audit(out, acknowledged)
  expect(status()?.restarts).toBe(times)
  expect(await replay(out, { scenario })).toMatchObject({ difference: null })
  return slowest
}

/** Returns what ends it. */
function afflict(
  how: (typeof afflictions)[number],
  { pid, out, fullAt }: { pid: number; out: string; fullAt: string },
): () => void {
  if (how === 'kill') process.kill(pid, 'SIGKILL')
  if (how === 'stop') process.kill(pid, 'SIGSTOP')
  if (how === 'full') {
    writeFileSync(fullAt, '')
    return () => rmSync(fullAt)
  }
  if (how !== 'locked') return () => undefined
  const db = new Database(join(out, 'trades.db'))
  db.exec('BEGIN IMMEDIATE')
  return () => db.close()
}

/** The trades that the child said were on disk, from its log. */
function acknowledgedIn(folder: string): string[] {
  const lines = readFileSync(join(folder, 'main.log'), 'utf8').split('\n')
  return lines.flatMap(line => (line.startsWith('{"tick"') ? ((JSON.parse(line) as { trades?: string[] }).trades ?? []) : []))
}
