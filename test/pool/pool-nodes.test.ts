/** Nodes of a compute pool: processes of this command, and of another language, that join with nothing but HTTP. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { PoolClient } from '../../src/pool/index.js'
import { command } from '../cli/in-process.js'
import { folder, jsonOf, mycelia, needsBuild, type Running, start } from '../cli/mycelia.js'
import { serve } from './pool-kit.js'

beforeEach(ctx => needsBuild(ctx))

const doubling =
  'export const handlers = { double: () => ({ x }) => { if (x === null) throw new Error("x is no number"); return 2 * x } }\n'

/** A folder with a module of handlers. */
function withHandlers(): string {
  const cwd = folder()
  writeFileSync(join(cwd, 'doubling.mjs'), doubling)
  return cwd
}

async function firstLine({ child }: Running): Promise<Record<string, unknown>> {
  return new Promise(resolve => child.stdout?.once('data', text => resolve(JSON.parse(String(text)))))
}

it('a pool serves with its own machine as a node, tells how it is doing, and ends at Ctrl-C', async () => {
  const cwd = withHandlers()
  writeFileSync(
    join(cwd, 'lab.yaml'),
    '- { name: mini, host: mini.lab, memory_gb: 64, gpu_type: apple_metal, frameworks: [mlx] }\n',
  )
  const args = ['--port', '0', '--nodes', 'lab.yaml', '--workers', '1', '--handlers', 'doubling.mjs', '--json']
  const pool = start(cwd, ['pool', 'serve', ...args])
  const { url, db, node_id } = (await firstLine(pool)) as { url: string; db: string; node_id: string }
  expect(db).toBe(join(cwd, 'compute_pool.db'))
  const client = new PoolClient({ url })
  const { task_id } = await client.dispatch({ task_type: 'double', data: { x: 21 } })
  expect(await client.waitForResult(task_id, 20_000)).toMatchObject({ status: 'completed', result: 42, node_id })
  const failed = await client.dispatch({ task_type: 'double', data: { x: null } })
  expect(await client.waitForResult(failed.task_id, 20_000)).toMatchObject({ status: 'failed', error: 'x is no number' })
  const status = jsonOf(await mycelia(cwd, ['pool', 'status', '--url', url, '--json']))
  expect(status).toMatchObject({ nodes: { online: 1, offline: 1 }, tasks: { completed: 1, failed: 1 } })
  expect(status.capacity).toMatchObject({ frameworks: { js: 1, wasm: 1 } })
  expect((await mycelia(cwd, ['pool', 'status'], { POOL_URL: url })).stdout).toMatch(
    /nodes +1 online, 1 offline\n(.*\n)+mini +\w+ +offline +never heard +mlx\n/,
  )
  pool.child.kill('SIGINT')
  expect((await pool.ended).code).toBe(0)
})

it('a node shows by a timed check what it can compute with, works, and ends after the tasks at hand', async () => {
  const { url, client } = await serve()
  const cwd = withHandlers()
  const args = ['--name', 'desk', '--port', '9099', '--workers', '2', '--handlers', 'doubling.mjs', '--json']
  const node = start(cwd, ['pool', 'work', ...args], { POOL_URL: url })
  const { node_id } = (await firstLine(node)) as { node_id: string }
  const known = await client.node(node_id)
  expect(known).toMatchObject({ name: 'desk', port: 9_099, gpu_type: 'cpu', task_types: ['double'] })
  expect(known.frameworks).toEqual(expect.arrayContaining(['js', 'wasm']))
  expect(Object.keys(known.checks_ms ?? {})).toEqual(known.frameworks)
  const tasks = await Promise.all(Array.from({ length: 20 }, (_, x) => client.dispatch({ task_type: 'double', data: { x } })))
  const results = await Promise.all(tasks.map(({ task_id }) => client.waitForResult(task_id, 20_000)))
  expect(results.map(({ result }) => result)).toEqual(Array.from({ length: 20 }, (_, x) => 2 * x))
  await expect.poll(async () => (await client.node(node_id)).rtt_ms, { timeout: 15_000 }).toBeGreaterThan(0)
  node.child.kill('SIGINT')
  const { code, stdout } = await node.ended
  expect({ code, said: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, said: '{"accepted":20}' })
})

it('a worker in another language joins with nothing but HTTP', async ctx => {
  if (!hasPython()) return ctx.skip('python3 is not installed')
  const { url, client } = await serve({ token: 'secret' })
  const program = fileURLToPath(new URL('../../docs/machines/pool_worker.py', import.meta.url))
  const worker: ChildProcess = spawn('python3', [program, url], {
    env: { ...process.env, MYCELIA_API_TOKEN: 'secret' },
    stdio: 'ignore',
  })
  onTestFinished(() => void worker.kill('SIGKILL'))
  const requirements = { framework: 'python' }
  const mean = await client.dispatch({ task_type: 'mean_rtt', data: { rtt_ms: [10, 20, 60] }, requirements })
  const none = await client.dispatch({ task_type: 'mean_rtt', data: { rtt_ms: [] }, requirements })
  expect(await client.waitForResult(mean.task_id, 20_000)).toMatchObject({ result: { mean_ms: 30 } })
  expect(await client.waitForResult(none.task_id, 20_000)).toMatchObject({ status: 'failed', error: 'division by zero' })
})

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

it.each([
  [['pool', 'serve', '--listen', '0.0.0.0'], {}, /--listen 0\.0\.0\.0: expected a token in MYCELIA_API_TOKEN/],
  [['pool', 'serve'], { POOL_HOST: '0.0.0.0', MYCELIA_API_TOKEN: 'secret' }, /POOL_HOST 0\.0\.0\.0: expected the flag --listen/],
  [['pool', 'serve'], { POOL_PORT: 'x' }, /POOL_PORT: expected a port/],
  [['pool', 'work', '--handlers', 'nothing.mjs'], {}, /--handlers .*nothing\.mjs: expected a JavaScript module/],
  [['pool', 'work'], { POOL_URL: 'ftp://pool' }, /--url: expected the address of a pool/],
  [['pool', 'status', '--port', '9000'], {}, /--port: expected --watch/],
] as const)('%j with %j is refused with a sentence', async (args, env, said) => {
  const { code, stderr } = await command(args, folder(), env)
  expect(stderr).toMatch(said)
  expect(code).toBe(2)
})
