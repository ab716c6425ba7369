/** Runs on many machines: workers take them from Redis, die and are replaced, Redis comes and goes, and the tables are as without all that. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue, Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { grid, type SweepOptions, sweep } from '../../src/experiment/index.js'
import { queueEngine, type Task } from '../../src/pool/index.js'
import { needsBuild } from '../cli/mycelia.js'
import { root } from '../docs/pages.js'
import { folder, tablesIn } from '../experiment/kit.js'
import { noRedis, RedisServer, sleep } from '../standins/redis.js'
import { times } from '../tier.js'

const bin = join(root, 'bin', 'mycelia')
const workers = new Set<ChildProcess>()
const servers: RedisServer[] = []
const places: string[] = []

afterEach(async () => {
  for (const worker of workers) await end(worker)
  for (const server of servers.splice(0)) await server.kill()
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

/** A Redis whose data outlives it. */
async function redis(): Promise<RedisServer> {
  const place = mkdtempSync(join(tmpdir(), 'redis-aof-'))
  places.push(place)
  const server = await RedisServer.start(['--appendonly', 'yes', '--appendfsync', 'always', '--dir', place])
  servers.push(server)
  return server
}

function startWorker(server: RedisServer): ChildProcess {
  const args = [bin, 'worker', '--redis', server.url, '--workers', '1', '--lease', '2s']
  const worker = spawn(process.execPath, args, { stdio: 'ignore' })
  workers.add(worker)
  return worker
}

async function end(worker: ChildProcess): Promise<void> {
  workers.delete(worker)
  if (worker.exitCode !== null || worker.signalCode !== null) return
  worker.kill('SIGKILL')
  await once(worker, 'exit')
}

const runs = times(16, 500)
const design = grid({ people: [20, 40] })
const options: SweepOptions = { replicates: runs / 2, steps: times(500, 10_000), columns: ['gini', 'mean:gini'] }

/** Runs in a log of results, in the order in which they came. */
function runsIn(out: string): number[] {
  const lines = readFileSync(join(out, 'results.log'), 'utf8').trimEnd().split('\n')
  return lines.map(line => Number(line.split(' ')[1]))
}

describe('a sweep by workers at a Redis', () => {
  beforeEach(ctx => {
    needsBuild(ctx)
    if (noRedis !== undefined) ctx.skip(noRedis)
  })

  it('ends whole, each run once, though workers are killed at random and Redis is started again', {
    timeout: 20 * 60_000,
  }, async () => {
    const server = await redis()
    const [out, expected] = [folder(), folder()]
    let made = 0
    const onProgress = ({ done }: { done: number }) => {
      made = done
    }
    const alive = [startWorker(server), startWorker(server)]
    const sweeping = sweep('wealth', design, { ...options, redis: server.url, out, onProgress })
    let ended = false
    const over = sweeping.finally(() => {
      ended = true
    })
    const kills = times(1, 12)
    for (let k = 1; k <= kills && !ended; k++) {
      while (made < (k * runs) / (kills + 2) && !ended) await sleep(20)
      const i = (k * 7) % 2
      await end(alive[i] as ChildProcess)
      alive[i] = startWorker(server)
      if (k === Math.ceil(kills / 2)) {
        await server.kill()
        await sleep(500)
        await server.restart()
      }
    }
    const result = await over
    expect({ runs: result.runs, failed: result.failed, made: result.made }).toEqual({ runs, failed: 0, made: runs })
    expect(runsIn(out).sort((a, b) => a - b)).toEqual([...Array(runs).keys()])
    await sweep('wealth', design, { ...options, engine: 'inline', out: expected })
    expect(tablesIn(out)).toEqual(tablesIn(expected))
    expect(await server.command('ZCARD', 'bull:mycelia:completed')).toBe(':0\r\n')
  })

  it('that is stopped is continued by the same command, and what workers finished meanwhile is not made again', {
    timeout: 120_000,
  }, async () => {
    const server = await redis()
    const out = folder()
    const small = { ...options, replicates: 6, redis: server.url, out }
    const controller = new AbortController()
    startWorker(server)
    const stopped = sweep('wealth', design, {
      ...small,
      signal: controller.signal,
      onProgress: ({ done }) => done >= 3 && controller.abort('SIGINT'),
    })
    await expect(stopped).rejects.toThrow(/Stopped by SIGINT after \d+ of 12 runs\. They are kept in/)
    const before = runsIn(out).length
    const { made, runs: all } = await sweep('wealth', design, small)
    expect([all, made]).toEqual([12, 12 - before])
  })

  it('says who has no Redis, and what to do', async () => {
    await expect(sweep('wealth', design, { ...options, redis: 'redis://127.0.0.1:1', out: folder() })).rejects.toThrow(
      'Redis at 127.0.0.1:1: expected an answer, got "none". Start it, or check `redis`.',
    )
  })
})

describe('the engine of many machines', () => {
  beforeEach(ctx => {
    if (noRedis !== undefined) ctx.skip(noRedis)
  })

  const job = { handler: 'number', setup: {} }
  const tasks: Task[] = [0, 1].map(index => ({ index, input: index }))
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  function workerAt({ port }: RedisServer, answer: (index: number) => unknown): Worker {
    const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null }
    const worker = new Worker('mycelia', async ({ data }) => answer(data.task?.index), { connection, concurrency: 20 })
    worker.on('error', () => undefined)
    closers.push(() => worker.close())
    return worker
  }

  async function indicesFrom(server: RedisServer, signal?: AbortSignal): Promise<number[]> {
    const engine = await queueEngine({ redis: server.url })
    const indices: number[] = []
    try {
      for await (const { index } of engine.run(job, tasks, signal)) indices.push(index)
    } finally {
      await engine.close()
    }
    return indices.sort()
  }

  it('finds what was finished after it had gone, behind however many results of others', async () => {
    const server = await redis()
    const controller = new AbortController()
    const begun: number[] = []
    let ended: Promise<number[]> | undefined
    workerAt(server, async index => {
      if (index === undefined) return 'of another'
      begun.push(index)
      if (begun.length === tasks.length) controller.abort('SIGINT')
      while (!controller.signal.aborted) await sleep(5)
      await ended
      return { result: { index, output: index } }
    })
    ended = indicesFrom(server, controller.signal)
    expect(await ended).toEqual([])
    while ((await server.command('ZCARD', 'bull:mycelia:completed')) !== ':2\r\n') await sleep(10)
    const queue = new Queue('mycelia', { connection: { host: '127.0.0.1', port: server.port } })
    closers.push(() => queue.close())
    await queue.addBulk(Array.from({ length: 1_100 }, () => ({ name: 'other', data: {} })))
    while ((await server.command('ZCARD', 'bull:mycelia:completed')) !== ':1102\r\n') await sleep(20)
    expect(await indicesFrom(server)).toEqual([0, 1])
    expect(begun.sort()).toEqual([0, 1])
  }, 60_000)

  it('asks again for what a worker refused in an earlier attempt', async () => {
    const server = await redis()
    let refuses = true
    workerAt(server, index =>
      refuses ? { refused: { message: 'other code', by: 'lab-1' } } : { result: { index, output: index } },
    )
    await expect(indicesFrom(server)).rejects.toThrow('The worker lab-1 cannot make these runs: other code')
    refuses = false
    expect(await indicesFrom(server)).toEqual([0, 1])
  }, 60_000)

  it('ends when it is told to, also while Redis is away', async () => {
    const server = await redis()
    const controller = new AbortController()
    const ended = indicesFrom(server, controller.signal)
    while ((await server.command('LLEN', 'bull:mycelia:wait')) === ':0\r\n') await sleep(10)
    await server.kill()
    controller.abort('SIGINT')
    expect(await ended).toEqual([])
  }, 20_000)
})
