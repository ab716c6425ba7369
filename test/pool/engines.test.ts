/** Every engine makes each task once, and knows nothing of what a task is. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type Engine, type Handlers, inlineEngine, type Task, type TaskResult, threadEngine } from '../../src/pool/index.js'
import { needsBuild } from '../cli/mycelia.js'

const place = mkdtempSync(join(tmpdir(), 'engines-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** What threads load; the engine in this thread gets the same. */
const code = `
export const handlers = {
  async double({ factor }) {
    if (factor === 0) throw new Error('no factor')
    return ({ x, exit }) => {
      if (exit) process.exit(3)
      if (x < 0) throw new RangeError(\`\${x} is below 0\`)
      return { product: factor * x }
    }
  },
}`
const module = join(place, 'handlers.mjs')
writeFileSync(module, code)

const { handlers } = (await import(pathToFileURL(module).href)) as { handlers: Handlers }
const engines: readonly [name: string, make: () => Engine][] = [
  ['in this thread', () => inlineEngine(handlers)],
  ['of one thread', () => threadEngine({ module: pathToFileURL(module).href, workers: 1 })],
  ['of two threads', () => threadEngine({ module: pathToFileURL(module).href, workers: 2 })],
]

const job = { handler: 'double', setup: { factor: 3 } }
const tasksOf = (inputs: readonly object[]): Task[] => inputs.map((input, index) => ({ index, input }))

async function made(engine: Engine, given: typeof job, tasks: Iterable<Task>, signal?: AbortSignal): Promise<TaskResult[]> {
  const results: TaskResult[] = []
  try {
    for await (const result of engine.run(given, tasks, signal)) results.push(result)
  } finally {
    await engine.close()
  }
  return results.sort((a, b) => a.index - b.index)
}

describe.each(engines)('an engine %s', (_, make) => {
  beforeEach(ctx => needsBuild(ctx))

  it('makes every task once; what one throws is its result', async () => {
    const results = await made(make(), job, tasksOf([...Array(50).keys()].map(i => ({ x: i === 20 ? -1 : i }))))
    expect(results).toHaveLength(50)
    expect(results[7]).toEqual({ index: 7, output: { product: 21 } })
    expect(results[20]).toMatchObject({ index: 20, error: { name: 'RangeError', message: '-1 is below 0' } })
    expect('error' in (results[20] as object) && (results[20] as { error: { stack: string } }).error.stack).toContain(
      'handlers.mjs',
    )
  })

  it('refuses a job that cannot be made ready for, and a handler that it does not know', async () => {
    await expect(made(make(), { ...job, setup: { factor: 0 } }, tasksOf([{ x: 1 }]))).rejects.toThrow('no factor')
    await expect(made(make(), { ...job, handler: 'duble' }, tasksOf([{ x: 1 }]))).rejects.toThrow('Did you mean "double"?')
  })

  it('takes a task only when there is room for it, so that results decide what comes next', async () => {
    const engine = make()
    let known = 0
    function* tasks(): Generator<Task> {
      for (let index = 0; known < 10; index++) yield { index, input: { x: index } }
    }
    for await (const _ of engine.run(job, tasks())) known++
    await engine.close()
    expect(known).toBeGreaterThanOrEqual(10)
    expect(known).toBeLessThan(2_000)
  })

  it('ends when it is told to', async () => {
    const controller = new AbortController()
    function* endless(): Generator<Task> {
      for (let index = 0; ; index++) {
        if (index === 100) controller.abort('enough')
        yield { index, input: { x: index } }
      }
    }
    expect((await made(make(), job, endless(), controller.signal)).length).toBeLessThan(1_000)
  })
})

describe('an engine of threads', () => {
  beforeEach(ctx => needsBuild(ctx))

  it('goes on where a task ends its thread, and that task has failed', async () => {
    const engine = threadEngine({ module: pathToFileURL(module).href, workers: 2 })
    const results = await made(engine, job, tasksOf([...Array(40).keys()].map(i => ({ x: i, exit: i === 11 }))))
    expect(results.map(({ index }) => index)).toEqual([...Array(40).keys()])
    expect(results.filter(result => 'error' in result)).toMatchObject([
      { index: 11, error: { message: 'The run ended its thread by exit(3).' } },
    ])
  })
})
