/** Nothing of a pool is lost, and nothing counts twice, whoever is killed: a worker every two seconds, and the server twice. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import { PoolClient, type PoolResult } from '../../../src/pool/index.js'
import { folder, needsBuild, type Running, start } from '../../cli/mycelia.js'
import { freePort } from '../../standins/redis.js'

beforeEach(ctx => needsBuild(ctx))

const lastsMs = 60_000
const killEveryMs = 2_000
const serverDies = [20_000, 40_000]
const patienceMs = 60_000

/** Each time a task is made, its result is another one: what counts must stay what was accepted first. */
const handlers = `
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
export const handlers = { tiny: () => async ({ n }) => { await wait(5); return { n, made: randomUUID() } } }
`

async function killed({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

test('a worker killed every 2 s for 60 s and the server twice: no task is lost, each has exactly one accepted result', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'tiny.mjs'), handlers)
  const url = `http://127.0.0.1:${await freePort()}`
  const serve = async () => {
    const server = start(cwd, [
      'pool',
      'serve',
      '--port',
      new URL(url).port,
      '--workers',
      '0',
      '--lease',
      '3s',
      '--handlers',
      'tiny.mjs',
    ])
    await server.said('Pool at')
    return server
  }
  const work = (name: string) =>
    start(cwd, ['pool', 'work', '--url', url, '--name', name, '--workers', '2', '--handlers', 'tiny.mjs'])
  let server = await serve()
  const workers = [work('first'), work('second')]
  const client = new PoolClient({ url })
  const from = performance.now()
  const lasts = () => performance.now() - from < lastsMs

  const results: Promise<PoolResult>[] = []
  const dispatching = (async () => {
    for (let n = 0; lasts(); n++) {
      const task_id = `task-${n}`
      // The server may be away: the same task is sent until it is taken.
      while ((await client.dispatch({ task_id, task_type: 'tiny', data: { n } }).catch(() => undefined)) === undefined)
        await wait(50)
      results.push(client.waitForResult(task_id, lastsMs + patienceMs))
      await wait(20)
    }
  })()
  let kills = 0
  const killing = (async () => {
    for (; lasts(); kills++) {
      await wait(killEveryMs)
      const i = kills % workers.length
      await killed(workers[i] as Running)
      workers[i] = work(i === 0 ? 'first' : 'second')
    }
  })()
  for (const at of serverDies) {
    await wait(at - (performance.now() - from))
    await killed(server)
    await wait(500)
    server = await serve()
  }
  await Promise.all([dispatching, killing])
  const accepted = await Promise.all(results)

  expect(kills).toBeGreaterThan(10)
  expect(accepted.length).toBeGreaterThan(200)
  for (const [n, result] of accepted.entries()) expect(result).toMatchObject({ status: 'completed', result: { n } })
  // As they were accepted first, so they stay.
  await wait(4_000)
  for (const { task_id, result } of accepted) expect((await client.result(task_id))?.result).toEqual(result)
  await killed(server)
  const db = new Database(join(cwd, 'compute_pool.db'), { readonly: true })
  const counts = db
    .prepare(
      "SELECT count(*) AS tasks, count(DISTINCT result) AS results, sum(attempts > 1) AS again FROM tasks WHERE status = 'completed'",
    )
    .get()
  expect(counts).toMatchObject({ tasks: accepted.length, results: accepted.length })
  // Workers died with tasks in their hands: the test would show nothing otherwise.
  expect((counts as { again: number }).again).toBeGreaterThan(0)
  db.close()
})
