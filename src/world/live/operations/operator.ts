/** The operator's word to a live run: by the run's own directory, or through Redis to a run on another machine. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../../../core/index.js'
import { pause, systemClock } from '../../../feed/index.js'
import { RunDirectory } from '../../../storage/index.js'
import { redisTransport, startEpoch } from '../../../transport/index.js'
import { chooseAgents } from '../engine/agents-choice.js'
import { partsOf } from '../engine/part-directory.js'
import { leaveCommand, type OperatorCommand } from './control.js'
import type { LiveStatus } from './status.js'

/** The directory of a live run: the one given, or the newest under `root`. */
export function liveRun(given: string | undefined, root: string): string {
  if (given !== undefined) return requireLive(resolve(given))
  const named = existsSync(root) ? readdirSync(root).map(name => join(resolve(root), name)) : []
  const runs = named.flatMap(path => [join(path, 'latest'), path])
  const [newest] = runs.filter(path => heardAt(path) > 0).sort((a, b) => heardAt(b) - heardAt(a))
  if (newest !== undefined) return newest
  throw new OperatorError({
    what: `a live run under ${root}`,
    expected: 'one',
    got: 'none',
    next: 'Name its directory, or start one with: mycelia live trifecta.',
  })
}

/** What a run last said of itself, part by part; `isRunning`: the process that said it lives. */
export function readStatus(run: string): { path: string; status: LiveStatus | undefined; isRunning: boolean }[] {
  const parts = partsOf(run)
  return (parts.length > 0 ? parts : [run]).map(path => {
    const status = readJson(join(path, 'status.json'))
    const isRunning = status !== undefined && (status.state === 'live' || status.state === 'warming') && lives(status.pid)
    return { path, status, isRunning }
  })
}

/** Leaves a command with the part that minds the risks, and waits until it is in its journal. */
export async function commandRun(run: string, command: OperatorCommand, waitMs = 5_000): Promise<{ taken: boolean }> {
  const clock = systemClock()
  const path = guardedPart(run)
  const number = clock.now()
  leaveCommand(path, command, number)
  const until = clock.monotonic() + waitMs
  const waits = () => readdirSync(join(path, 'control')).some(name => name.startsWith(String(number).padStart(16, '0')))
  while (waits()) {
    if (clock.monotonic() > until) return { taken: false }
    await pause(clock, 50)
  }
  return { taken: true }
}

/** Says it on `system-control`, for every process of the scenario that listens. Throws where Redis is away. */
export async function commandByRedis(
  { scenario, url }: { scenario: string; url: string | undefined },
  command: OperatorCommand,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const clock = systemClock()
  const transport = redisTransport({
    name: `operator/${process.pid}-${Math.trunc(clock.now())}`,
    epoch: startEpoch(clock.now(), process.pid),
    topics: [],
    clock,
    environment,
    prefix: `mycelia:${scenario}:`,
    ...(url === undefined ? {} : { url }),
  })
  try {
    const { up, message } = await transport.start()
    if (!up || !transport.publish('system-control', { command })) throw new OperatorError({ what: message.replace(/\.$/, '') })
    transport.leave()
    await pause(clock, 100)
  } finally {
    await transport.close()
  }
}

function guardedPart(run: string): string {
  const parts = partsOf(run)
  if (parts.length === 0) return run
  const guarded = parts.find(path => {
    const { manifest } = RunDirectory.read(path)
    return chooseAgents(manifest.request?.agents as string | undefined).isLocal({ type: 'RiskManagement', ordinal: 0 })
  })
  if (guarded !== undefined) return guarded
  throw new OperatorError({
    what: `a part of ${run} that runs RiskManagement`,
    expected: 'one on this machine',
    got: 'none',
    next: 'Say it through Redis, with `redis`.',
  })
}

function requireLive(run: string): string {
  const parts = partsOf(run)
  const first = parts[0] ?? run
  const next = 'Give the directory of a live run.'
  if (!existsSync(join(first, 'manifest.json'))) {
    throw new OperatorError({ what: run, expected: 'the directory of a live run', got: 'no manifest.json in it', next })
  }
  const { verb } = RunDirectory.read(first).manifest
  if (verb !== 'live') throw new OperatorError({ what: run, expected: 'a live run', got: `one of mycelia ${verb}`, next })
  return run
}

/** When a run, or a part of it, last said something of itself; 0: never. */
function heardAt(run: string): number {
  const parts = partsOf(run)
  const said = (path: string) => statSync(join(path, 'status.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Math.max(...(parts.length > 0 ? parts : [run]).map(said))
}

function readJson(path: string): LiveStatus | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LiveStatus
  } catch {
    return undefined
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
