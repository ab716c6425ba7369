/** The compute pool: how many tiny tasks a second it brings to two workers and back, and how long a dispatch takes. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { PoolClient } from 'mycelia/node'
import { repository } from '../commit.js'
import { type Quantiles, quantiles } from '../live/quantiles.js'

export interface PoolSpeed {
  readonly tasks: number
  /** From the first dispatch to the last result. */
  readonly tasksPerSecond: number
  /** Of dispatches at a steady rate, while workers work, ms. */
  readonly dispatchMs: Quantiles
  readonly dispatchesPerSecond: number
}

const tasks = 10_000
/** Clients that dispatch a task and wait for its result, one after the other. */
const clients = 64
const steady = { seconds: 10, perSecond: 200 } as const

const handlers = 'export const handlers = { double: () => ({ x }) => 2 * x }\n'

export async function poolSpeed(): Promise<PoolSpeed> {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-bench-pool-'))
  writeFileSync(join(place, 'tiny.mjs'), handlers)
  const server = started(place, ['serve', '--port', '0', '--workers', '0'])
  const running = [server]
  try {
    const { url } = await firstLine<{ url: string }>(server)
    const worker = started(place, ['work', '--url', url, '--workers', '16'])
    running.push(worker)
    await firstLine(worker)
    const client = new PoolClient({ url })
    await many(client, tasks / 10)
    const from = performance.now()
    await many(client, tasks)
    const tasksPerSecond = (tasks * 1_000) / (performance.now() - from)
    return { tasks, tasksPerSecond, dispatchMs: quantiles(await steadily(client)), dispatchesPerSecond: steady.perSecond }
  } finally {
    await Promise.all(running.map(ended))
    rmSync(place, { recursive: true, force: true })
  }
}

async function many(client: PoolClient, n: number): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < n) {
      const x = next++
      const { task_id } = await client.dispatch({ task_type: 'double', data: { x } })
      const { result } = await client.waitForResult(task_id, 60_000)
      if (result !== 2 * x) throw new Error(`task ${x} came back as ${JSON.stringify(result)}`)
    }
  }
  await Promise.all(Array.from({ length: clients }, one))
}

/** How long each dispatch took, ms. */
async function steadily(client: PoolClient): Promise<number[]> {
  const taken: number[] = []
  const going: Promise<void>[] = []
  const from = performance.now()
  for (let n = 0; n < steady.seconds * steady.perSecond; n++) {
    await wait(Math.max(0, from + (n * 1_000) / steady.perSecond - performance.now()))
    const at = performance.now()
    going.push(client.dispatch({ task_type: 'double', data: { x: n } }).then(() => void taken.push(performance.now() - at)))
  }
  await Promise.all(going)
  return taken
}

function started(cwd: string, args: readonly string[]): ChildProcess {
  const command = [join(repository, 'bin', 'mycelia'), 'pool', ...args, '--handlers', 'tiny.mjs', '--json']
  return spawn(process.execPath, command, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
}

function firstLine<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', text => resolve(JSON.parse(String(text)) as T))
    child.once('exit', code => reject(new Error(`the pool ended with ${code}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
