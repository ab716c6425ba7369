/** Reads the status of a live run and gives it commands: in the run's own directory, or through Redis to another machine. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../../../core/index.js'
import { pause, systemClock } from '../../../feed/index.js'
import { RunDirectory } from '../../../storage/index.js'
import { announceByRedis, startEpoch } from '../../../transport/index.js'
import type { OperatorCommand } from '../operator-command.js'
import { proveCommand } from '../operator-proof.js'
import { chooseAgents, controlTopic, planOperatorBus, shardsOf } from '../peers/index.js'
import { writeCommand } from './control.js'
import type { LiveStatus } from './status.js'

/** The directory of a live run: the one given, or the newest under `root`. */
export function liveRun(given: string | undefined, root: string): string {
  if (given !== undefined) return requireLive(resolve(given))
  const named = existsSync(root) ? readdirSync(root).map(name => join(resolve(root), name)) : []
  const runs = named.flatMap(path => [join(path, 'latest'), path])
  const [newest] = runs.filter(path => statusTime(path) > 0).sort((a, b) => statusTime(b) - statusTime(a))
  if (newest !== undefined) return newest
  throw new OperatorError({
    what: `a live run under ${root}`,
    expected: 'one',
    got: 'none',
    next: 'Name its directory, or start one with: mycelia live trifecta.',
  })
}

/** The last status of each shard of a run. `isRunning`: the process that wrote it is alive. */
export function readStatus(run: string): { path: string; status: LiveStatus | undefined; isRunning: boolean }[] {
  return directoriesOf(run).map(path => {
    const status = readJson(join(path, 'status.json'))
    const isRunning = status !== undefined && status.state !== 'stopped' && status.state !== 'failed' && isAlive(status.pid)
    return { path, status, isRunning }
  })
}

/** In this process: with its start, they tell commands of one millisecond apart. */
let commandsGiven = 0

/**
 * Gives a command to the shard that runs RiskManagement, and waits until that shard has it in its journal (`taken`), or says that it keeps
 * it for its first tick (`kept`), because the exchange is away. A command without a key is given one.
 */
export async function commandRun(
  run: string,
  command: OperatorCommand,
  waitMs = 5_000,
): Promise<{ key: string; taken: boolean; kept: boolean }> {
  const clock = systemClock()
  const path = shardWithRiskManagement(run)
  const now = clock.now()
  const key = command.key ?? `${startEpoch(now, process.pid)}-${++commandsGiven}`
  const file = writeCommand(path, { ...command, key }, now)
  const until = clock.monotonic() + waitMs
  while (existsSync(file)) {
    const kept = isKept(path, key)
    if (kept || clock.monotonic() > until) return { key, taken: false, kept }
    await pause(clock, 50)
  }
  return { key, taken: true, kept: false }
}

function isKept(path: string, key: string): boolean {
  return readStatus(path).some(({ status, isRunning }) => isRunning && status?.pending?.some(each => each.key === key))
}

/**
 * Publishes a command on `system-control` to every process of the scenario, with the proof that the operator's token gives. Throws where the
 * environment has no token, and where Redis does not answer.
 */
export async function commandByRedis(
  { scenario, url }: { scenario: string; url: string | undefined },
  command: OperatorCommand,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { address, signer, token } = planOperatorBus(url, environment)
  const clock = systemClock()
  const nonce = `${startEpoch(clock.now(), process.pid)}-${++commandsGiven}`
  await announceByRedis({
    address,
    clock,
    signer,
    prefix: `mycelia:${scenario}:`,
    from: `operator/${nonce}`,
    topic: controlTopic,
    data: proveCommand(token, { scenario, command, time: Math.trunc(clock.now()), nonce }),
  })
}

function shardWithRiskManagement(run: string): string {
  const shards = shardsOf(run)
  if (shards.length === 0) return run
  const found = shards.find(path => {
    const { manifest } = RunDirectory.read(path)
    return chooseAgents(manifest.request?.agents as string | undefined).isLocal({ type: 'RiskManagement', ordinal: 0 })
  })
  if (found !== undefined) return found
  throw new OperatorError({
    what: `a shard of ${run} that runs RiskManagement`,
    expected: 'one on this machine',
    got: 'none',
    next: 'Say it through Redis, with `redis`.',
  })
}

function requireLive(run: string): string {
  const [first = run] = shardsOf(run)
  const next = 'Give the directory of a live run.'
  if (!existsSync(join(first, 'manifest.json'))) {
    throw new OperatorError({ what: run, expected: 'the directory of a live run', got: 'no manifest.json in it', next })
  }
  const { verb } = RunDirectory.read(first).manifest
  if (verb !== 'live') throw new OperatorError({ what: run, expected: 'a live run', got: `one of mycelia ${verb}`, next })
  return run
}

/** The directories of a run's shards; of a run that is not split, the run's own. */
function directoriesOf(run: string): string[] {
  const shards = shardsOf(run)
  return shards.length > 0 ? shards : [run]
}

/** When a run, or a shard of it, last wrote its status; 0: never. */
function statusTime(run: string): number {
  const timeOf = (path: string) => statSync(join(path, 'status.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Math.max(...directoriesOf(run).map(timeOf))
}

function readJson(path: string): LiveStatus | undefined {
  try {
    const status = JSON.parse(readFileSync(path, 'utf8')) as LiveStatus
    // A status of an older release has no words.
    return Array.isArray(status.conditions) ? status : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
