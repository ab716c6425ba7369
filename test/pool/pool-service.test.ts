/** The compute pool's service: who gets which task, whose result counts, and what it refuses. */

import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PoolClient, PoolError } from '../../src/pool/index.js'
import { poolLimits } from '../../src/pool/limits.js'
import { PoolService } from '../../src/pool/service/pool-service.js'
import { PoolRecord } from '../../src/storage/index.js'
import { folder } from '../cli/mycelia.js'
import { mini, serve } from './pool-kit.js'

async function taken(client: PoolClient, nodeId: string) {
  const task = await client.claim(nodeId)
  if (task === undefined) throw new Error('nothing to claim')
  return task
}

describe('a task of the pool', () => {
  it('goes from its client to a node and comes back with what the node made of it', async () => {
    const { client, ask } = await serve()
    const { node_id } = await client.register(mini)
    const { task_id, status, assigned_node } = await client.dispatch({ task_type: 'double', data: { x: 21 } })
    expect({ status, assigned_node }).toEqual({ status: 'pending', assigned_node: null })
    expect(await client.result(task_id)).toBeUndefined()
    expect((await ask(`/results/${task_id}`)).status).toBe(202)
    const task = await taken(client, node_id)
    expect(task).toMatchObject({ task_id, task_type: 'double', data: { x: 21 }, priority: 3 })
    const waiting = client.waitForResult(task_id, 5_000)
    await client.sendResult(task_id, { lease: task.lease, result: { y: 42 }, execution_ms: 1.5, memory_used_mb: 80 })
    expect(await waiting).toEqual({
      task_id,
      status: 'completed',
      result: { y: 42 },
      error: null,
      node_id,
      execution_ms: 1.5,
      gpu_utilization: null,
      memory_used_mb: 80,
    })
    expect((await client.tasks()).tasks).toMatchObject([{ task_id, status: 'completed', assigned_node: node_id, attempts: 1 }])
  })

  it('is handed to a node that waits for one as soon as it comes', async () => {
    const { client } = await serve()
    const { node_id } = await client.register(mini)
    const claimed = client.claim(node_id, 5_000)
    await new Promise(resolve => setTimeout(resolve, 50))
    const { task_id, assigned_node, status } = await client.dispatch({ task_type: 'double' })
    expect({ assigned_node, status }).toEqual({ assigned_node: node_id, status: 'running' })
    expect(await claimed).toMatchObject({ task_id })
  })

  it('is handed to a node that asked in the same turn, just before it came', async () => {
    const { client, service } = await serve()
    const { node_id } = await client.register(mini)
    const claimed = service.claim({ node_id, wait_ms: 5_000 }, { gone: new AbortController().signal })
    const { task_id } = await service.dispatch({ task_type: 'double' })
    expect(await claimed).toMatchObject({ task_id })
  })

  it('goes first where it is more urgent, and first come where it is as urgent', async () => {
    const { client } = await serve()
    const { node_id } = await client.register(mini)
    for (const [task_id, priority] of [
      ['a', 5],
      ['b', 1],
      ['c', 3],
      ['d', 1],
    ] as const)
      await client.dispatch({ task_id, task_type: 'double', priority })
    const order: string[] = []
    for (let i = 0; i < 4; i++) order.push((await taken(client, node_id)).task_id)
    expect(order).toEqual(['b', 'd', 'c', 'a'])
    expect(await client.claim(node_id)).toBeUndefined()
  })

  it('goes to a node that satisfies what it asks; any graphics processor is no demand', async () => {
    const { client } = await serve()
    const { node_id: small } = await client.register(mini)
    const { node_id: large } = await client.register({
      ...mini,
      name: 'large',
      gpu_type: 'cuda',
      memory_gb: 64,
      frameworks: ['js', 'cuda'],
    })
    const { node_id: picky } = await client.register({ ...mini, name: 'picky', task_types: ['other'] })
    for (const [task_id, requirements] of [
      ['gpu', { gpu_type: 'cuda' }],
      ['framework', { framework: 'cuda' }],
      ['memory', { min_memory_gb: 32 }],
      ['any', { gpu_type: 'any' }],
    ] as const)
      await client.dispatch({ task_id, task_type: 'double', requirements })
    expect(await client.claim(picky)).toBeUndefined()
    expect((await taken(client, small)).task_id).toBe('any')
    expect(await client.claim(small)).toBeUndefined()
    const rest = [await taken(client, large), await taken(client, large), await taken(client, large)].map(task => task.task_id)
    expect(rest).toEqual(['gpu', 'framework', 'memory'])
  })

  it('that prefers low latency is kept for the node of the least measured round trip, and not for ever', async () => {
    const { client } = await serve()
    const { node_id: far } = await client.register({ ...mini, name: 'far' })
    const { node_id: near } = await client.register({ ...mini, name: 'near' })
    await client.heartbeat({ node_id: far, rtt_ms: 80 })
    await client.heartbeat({ node_id: near, rtt_ms: 2 })
    const { assigned_node } = await client.dispatch({
      task_id: 'a',
      task_type: 'double',
      requirements: { prefer: 'low_latency' },
    })
    expect(assigned_node).toBe(near)
    expect(await client.claim(far)).toBeUndefined()
    expect((await taken(client, near)).task_id).toBe('a')
    await client.dispatch({ task_id: 'b', task_type: 'double', requirements: { prefer: 'low_latency' } })
    expect(await client.claim(far, 5_000)).toMatchObject({ task_id: 'b' })
  })

  it('sent twice under one id is one task; another one under that id is refused', async () => {
    const { client, ask } = await serve()
    const { node_id } = await client.register(mini)
    const task = { task_id: 'once', task_type: 'double', data: { x: 1, y: [2] } }
    await client.dispatch(task)
    expect(await client.dispatch({ ...task, data: { y: [2], x: 1 } })).toMatchObject({ task_id: 'once', status: 'pending' })
    expect((await ask('/dispatch', { ...task, data: { x: 2 } })).status).toBe(409)
    await taken(client, node_id)
    expect(await client.dispatch(task)).toMatchObject({ status: 'running', assigned_node: node_id })
    expect(await client.claim(node_id)).toBeUndefined()
  })

  it('that fails at its node says why', async () => {
    const { client } = await serve()
    const { node_id } = await client.register(mini)
    const { task_id } = await client.dispatch({ task_type: 'double' })
    const { lease } = await taken(client, node_id)
    await client.sendResult(task_id, { lease, error: 'x is no number' })
    expect(await client.waitForResult(task_id, 1_000)).toMatchObject({ status: 'failed', error: 'x is no number', result: null })
  })
})

describe('a lease of the pool', () => {
  it('is extended by heartbeats; without one the task is another’s, and the late result is refused', async () => {
    const { client, ask } = await serve({ leaseMs: 400 })
    const { node_id: one, lease_ms } = await client.register(mini)
    expect(lease_ms).toBe(400)
    const { node_id: other } = await client.register({ ...mini, name: 'other' })
    const { task_id } = await client.dispatch({ task_type: 'double' })
    const first = await taken(client, one)
    for (let i = 0; i < 4; i++) {
      await new Promise(resolve => setTimeout(resolve, 200))
      await client.heartbeat({ node_id: one, load: 1 })
    }
    expect(await client.claim(other)).toBeUndefined()
    const second = await client.claim(other, 5_000)
    expect(second?.task_id).toBe(task_id)
    const late = await ask(`/results/${task_id}`, { lease: first.lease, result: 'late' })
    expect(late).toMatchObject({ status: 409, answer: { error: expect.stringContaining('lease is over') } })
    const given = { lease: second?.lease ?? '', result: 'in time' }
    expect((await ask(`/results/${task_id}`, given)).status).toBe(200)
    expect((await ask(`/results/${task_id}`, given)).status).toBe(409)
    expect(await client.waitForResult(task_id, 1_000)).toMatchObject({ result: 'in time', node_id: other })
  })

  it('of a node that goes away while it waits for a task is given back at once', async () => {
    const { client, service } = await serve()
    const { node_id } = await client.register(mini)
    const leaving = new AbortController()
    const gone = client.claim(node_id, 5_000, leaving.signal)
    await new Promise(resolve => setTimeout(resolve, 50))
    leaving.abort()
    await expect(gone).rejects.toThrow(/does not answer/)
    // Until the server hears of it.
    await new Promise(resolve => setTimeout(resolve, 100))
    await client.dispatch({ task_id: 'a', task_type: 'double' })
    // It went while the task was on its way.
    await service.claim({ node_id }, { gone: AbortSignal.abort() })
    expect(await client.claim(node_id, 2_000)).toMatchObject({ task_id: 'a', lease: expect.any(String) })
  })

  it('is not extended by the next process of the same node, which begins anew or names what it has', async () => {
    const { client } = await serve({ leaseMs: 600 })
    const { node_id } = await client.register(mini)
    const { node_id: other } = await client.register({ ...mini, name: 'other' })
    for (const task_id of ['a', 'b']) await client.dispatch({ task_id, task_type: 'double' })
    const { lease } = await taken(client, node_id)
    await taken(client, node_id)
    const beat = async () => {
      for (let i = 0; i < 6; i++) {
        await new Promise(resolve => setTimeout(resolve, 200))
        await client.heartbeat({ node_id, leases: [lease] })
      }
    }
    const made = async () => {
      const task = await client.claim(other, 5_000)
      await client.sendResult('b', { lease: task?.lease ?? '', result: 'by another' })
    }
    await Promise.all([beat(), made()])
    await client.register(mini)
    expect(await client.claim(other, 5_000)).toMatchObject({ task_id: 'a' })
  })

  it('that ten nodes have lost is lost for good: the task has failed', async () => {
    const { client } = await serve({ leaseMs: 20 })
    const { node_id } = await client.register(mini)
    const { task_id } = await client.dispatch({ task_type: 'double' })
    for (let i = 0; i < poolLimits.mostTakeovers; i++) expect(await client.claim(node_id, 5_000)).toMatchObject({ task_id })
    expect(await client.waitForResult(task_id, 5_000)).toMatchObject({
      status: 'failed',
      error: 'Its node fell silent 10 times.',
    })
  })
})

describe('the record of the pool', () => {
  it('has everything when the server is started again, and leases begin anew', async () => {
    const before = await serve({ leaseMs: 600 })
    const { node_id } = await before.client.register(mini)
    await before.client.dispatch({ task_id: 'held', task_type: 'double', data: { x: 1 } })
    const { lease } = await taken(before.client, node_id)
    await before.client.dispatch({ task_id: 'waits', task_type: 'double', data: { x: 2 } })
    await before.close()
    await new Promise(resolve => setTimeout(resolve, 700))
    const { client } = await serve({ db: before.db, leaseMs: 600 })
    await client.sendResult('held', { lease, result: 1 })
    expect(await client.result('held')).toMatchObject({ result: 1 })
    expect(await client.claim(node_id)).toMatchObject({ task_id: 'waits', data: { x: 2 } })
    expect(await client.status()).toMatchObject({ tasks: { completed: 1, running: 1, pending: 0 } })
  })

  it('keeps a task for a node no longer than it was to be, and then has nothing more to do for it', () => {
    const record = PoolRecord.open(join(folder(), 'compute_pool.db'))
    onTestFinished(() => record.close())
    const task = { taskId: 'a', taskType: 'double', data: '{}', priority: 3, createdAt: 0 }
    record.commit(1_024, () => {
      record.add({ ...task, gpuType: null, framework: null, minMemoryGb: null, prefer: 'low_latency' })
      record.keepFor('a', 'near', 2_000)
      record.takeBack(1_999, 10)
    })
    expect(record.task('a')).toMatchObject({ status: 'pending', assigned_node: 'near' })
    expect(record.isDue(2_000)).toBe(true)
    record.commit(1_024, () => record.takeBack(2_000, 10))
    expect(record.task('a')).toMatchObject({ status: 'pending', assigned_node: null })
    expect(record.isDue(60_000)).toBe(false)
  })

  it('belongs to one server at a time', async () => {
    const { db } = await serve()
    await expect(serve({ db })).rejects.toThrow(/its only writer/)
  })

  it('is a database that anybody reads', async () => {
    const { db, client, close } = await serve()
    const { node_id } = await client.register(mini)
    await client.dispatch({ task_id: 'a', task_type: 'double', data: { b: 1, a: 2 } })
    await close()
    const read = new Database(db, { readonly: true })
    expect(read.prepare('SELECT task_id, data, status FROM tasks').all()).toEqual([
      { task_id: 'a', data: '{"a":2,"b":1}', status: 'pending' },
    ])
    expect(read.prepare('SELECT node_id, port FROM nodes').all()).toEqual([{ node_id, port: 9091 }])
    read.close()
  })
})

describe('the service of the pool', () => {
  it('tells nodes, tasks and capacity; a node that was never heard is offline', async () => {
    const { client, ask } = await serve()
    const { node_id } = await client.register({ ...mini, gpu_cores: 10 })
    await client.register({ ...mini, name: 'silent' })
    await client.heartbeat({ node_id, load: 0.5, rtt_ms: 3 })
    await client.dispatch({ task_type: 'double' })
    expect(await client.status()).toEqual({
      nodes: { online: 1, offline: 1 },
      tasks: { pending: 1, running: 0, completed: 0, failed: 0 },
      capacity: { memory_gb: 16, gpu_cores: 10, gpu_types: { cpu: 1 }, frameworks: { js: 1 }, queue_free: 9_999 },
    })
    expect(await client.node(node_id)).toMatchObject({ name: 'mini', status: 'online', load: 0.5, rtt_ms: 3, frameworks: ['js'] })
    expect((await client.nodes('offline')).map(({ name }) => name)).toEqual(['silent'])
    expect((await ask('/health')).answer).toEqual({ status: 'ok' })
    const { answer } = await ask('/metrics')
    expect(answer.text).toContain('mycelia_pool_nodes{status="online"} 1\n')
    expect(answer.text).toContain('mycelia_pool_tasks{status="pending"} 1\n')
    expect(answer.text).toContain('mycelia_pool_dispatched_total 1\n')
  })

  it('knows a machine that registers again as the same node, as it is now', async () => {
    const { client } = await serve()
    const { node_id } = await client.register(mini)
    await client.heartbeat({ node_id })
    expect((await client.register({ ...mini, memory_gb: 32 })).node_id).toBe(node_id)
    expect(await client.nodes()).toMatchObject([{ node_id, memory_gb: 32, status: 'online' }])
  })

  it('forgets the offline node that was heard longest ago and makes nothing, where there is no room for a new one', async () => {
    let time = 0
    const record = PoolRecord.open(join(folder(), 'compute_pool.db'))
    const service = new PoolService({ record, leaseMs: 1_000_000, now: () => time })
    onTestFinished(() => service.close())
    const register = (name: string) => service.register({ ...mini, name })
    const heard = async (nodes: string[], at: number) => {
      time = at
      await Promise.all(nodes.map(node_id => service.heartbeat({ node_id, leases: [] })))
    }
    const all = await Promise.all(Array.from({ length: poolLimits.nodes }, (_, i) => register(`node-${i}`)))
    const ids = all.map(({ node_id }) => node_id)
    const [busy = '', second = '', first = ''] = ids
    await heard([busy], 1)
    await service.dispatch({ task_type: 'double' })
    await service.claim({ node_id: busy }, { gone: new AbortController().signal })
    await heard([first], 2)
    await heard([second], 3)
    await heard(ids.slice(3), 500_000)
    const known = () => new Set(service.nodes({}).map(({ node_id }) => node_id))
    await register('new')
    expect([known().has(first), known().has(second), known().size]).toEqual([false, true, poolLimits.nodes])
    await register('newer')
    expect(known().has(second)).toBe(false)
    await expect(register('newest')).rejects.toThrow(/1000 nodes already, each online or at a task/)
    expect([known().has(busy), known().size]).toEqual([true, poolLimits.nodes])
  })

  it('refuses with the status that says why: unknown 404, too large 413, no JSON 400, no such shape 400', async () => {
    const { ask } = await serve()
    const node = '/nodes/none'
    for (const [path, body] of [
      [node],
      ['/results/none'],
      ['/results/none', { lease: 'a', result: 1 }],
      ['/claim', { node_id: 'none' }],
      ['/heartbeat', { node_id: 'none' }],
      ['/nowhere'],
    ] as const)
      expect((await ask(path, body)).status, path).toBe(404)
    const large = { task_type: 'double', data: 'x'.repeat(1_100_000) }
    expect((await ask('/dispatch', large)).status).toBe(413)
    for (const body of [
      '{"task_type":',
      'null',
      '[]',
      '{}',
      '{"task_type":"a","priority":6}',
      '{"task_type":"a","priority":0}',
      '{"task_type":"a","unknown":1}',
      '{"task_type":"a","data":1e999}',
      '{"task_type":"a","task_id":"../x"}',
      `{"task_type":"a","data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    ])
      expect((await ask('/dispatch', body)).status, body.slice(0, 60)).toBe(400)
    expect((await ask('/tasks?status=lost')).status).toBe(400)
    expect((await ask('/dispatch')).status).toBe(405)
    expect((await ask('/status', {})).status).toBe(405)
  })

  it('refuses one more than its queue holds, and takes it when there is room', async () => {
    const { ask, client } = await serve({ tasksPending: 2 })
    const { node_id } = await client.register(mini)
    for (const task_id of ['a', 'b']) await client.dispatch({ task_id, task_type: 'double' })
    expect((await ask('/dispatch', { task_type: 'double' })).status).toBe(429)
    await expect(client.dispatch({ task_type: 'double' })).rejects.toThrow(/queue is full/)
    await taken(client, node_id)
    expect((await client.dispatch({ task_type: 'double' })).status).toBe('pending')
  })

  it('asks for its token where one is set, and serves no page of elsewhere', async () => {
    const { ask, client, url } = await serve({ token: 'secret' })
    expect((await ask('/status')).status).toBe(401)
    expect((await ask('/dispatch', { task_type: 'a' }, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    await expect(new PoolClient({ url, token: 'wrong' }).status()).rejects.toThrow(PoolError)
    expect((await client.status()).nodes.online).toBe(0)
    expect(
      (
        await ask(
          '/dispatch',
          { task_type: 'a' },
          { headers: { authorization: 'Bearer secret', origin: 'https://evil.example' } },
        )
      ).status,
    ).toBe(403)
    await expect(serve({ listen: '0.0.0.0' })).rejects.toThrow(/a token in MYCELIA_API_TOKEN/)
  })
})

it('who waits for a result beyond the limit is answered as things stand, so that nodes and other clients have their turn', async () => {
  const { client, ask } = await serve()
  const { node_id } = await client.register(mini)
  const { task_id } = await client.dispatch({ task_type: 'double' })
  const path = `/results/${task_id}?wait_ms=5000`
  const waiting = Array.from({ length: poolLimits.waits }, () => ask(path))
  await expect
    .poll(async () => (await Promise.race([ask(path), new Promise(r => setTimeout(r, 500))])) ?? 'waits')
    .toMatchObject({ status: 202 })
  const { lease } = await taken(client, node_id)
  await client.sendResult(task_id, { lease, result: 1 })
  expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([200]))
})
