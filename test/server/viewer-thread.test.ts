/** The server's own thread: it may die, and whatever viewers do, the run is the same. */

import { request } from 'node:http'
import type { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test, vi } from 'vitest'
import wealth from '../../scenarios/wealth.js'
import { OperatorError } from '../../src/core/index.js'
import { simulate } from '../../src/model/index.js'
import { serveViewer, type ViewerOptions } from '../../src/server/index.js'
import { type Clock, Observer, question, seriesName, seriesPoints } from '../../src/view/index.js'
import { type Client, connect, controlToken, MadeUpRun, pageFolder } from './viewer-kit.js'

const threads = vi.hoisted(() => [] as Worker[])

vi.mock('node:worker_threads', async importOriginal => {
  const actual = await importOriginal<typeof import('node:worker_threads')>()
  class Watched extends actual.Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given)
      threads.push(this)
    }
  }
  return { ...actual, Worker: Watched }
})

async function serve(more: Partial<ViewerOptions> = {}) {
  const server = await serveViewer({ port: 0, option: 'port', controlToken, files: pageFolder(), ...more })
  onTestFinished(() => server.close())
  return server
}

const clock: Clock = {
  step: 0,
  time: 0,
  state: 'playing',
  newest: 0,
  earliest: 0,
  speed: null,
  rate: 0,
  reason: null,
  digest: null,
  branch: 0,
}

/** A run that steps and is looked at, a little at a time, as one that viewers watch. */
async function watchedRun(server: Awaited<ReturnType<typeof serve>>, steps: number, at?: (step: number) => Promise<void>) {
  const sim = simulate(wealth, { seed: 3 })
  const observer = new Observer(sim, 1)
  const run = server.run()
  run.onQuestions(questions => observer.ask(questions))
  for (let step = 1; step <= steps; step++) {
    sim.step()
    observer.stepped()
    if (run.isReady) {
      observer.look({ ...clock, step })
      run.publish(observer.parts)
    }
    await at?.(step)
    if (step % 10 === 0) await new Promise(resolve => setTimeout(resolve, 2))
  }
  observer.look({ ...clock, step: steps, state: 'paused' })
  run.publish(observer.parts)
  return { sim, observer }
}

test('D4, V7: the thread dies, the run goes on with the same digest, and its viewers find it again at the same address', async () => {
  const bare = simulate(wealth, { seed: 3 })
  bare.run({ steps: 300 })
  const server = await serve()
  const { url } = server
  const asks = question('series', 'model')
  let viewer = await connect(url)
  viewer.ask(asks)
  const { sim, observer } = await watchedRun(server, 300, async step => {
    if (step === 150) await threads.at(-1)?.terminate()
  })
  expect(sim.digest).toBe(bare.digest)
  await expect.poll(() => viewer.closed?.code).toBe(1006)
  await expect.poll(() => server.counters.restarts).toBe(1)
  expect(server.url).toBe(url)
  viewer = await again(url)
  viewer.ask(asks)
  server.run().onQuestions(questions => {
    observer.ask(questions)
    observer.look({ ...clock, step: 300, state: 'paused' })
    server.run().publish(observer.parts)
  })
  await expect.poll(() => viewer.parts.json('clock')).toMatchObject({ step: 300 })
  await expect
    .poll(() => [...seriesPoints(seriesName('gini'), viewer.parts)])
    .toEqual([...seriesPoints(seriesName('gini'), observer.parts)])
  expect(seriesPoints(seriesName('gini'), viewer.parts).at(-1)).toBe(sim.table('model').column('gini').at(-1))
})

test('D4: with 50 viewers and with none the digest is the same', async () => {
  const bare = simulate(wealth, { seed: 3 })
  bare.run({ steps: 100 })
  const server = await serve()
  const viewers = await Promise.all(Array.from({ length: 50 }, () => connect(server.url)))
  for (const viewer of viewers) viewer.ask(question('series', 'model'), question('agent', 'Person-1'))
  await expect.poll(() => server.run().viewers).toBe(50)
  const { sim } = await watchedRun(server, 100)
  expect(sim.digest).toBe(bare.digest)
  await expect.poll(() => viewers.every(({ parts }) => (parts.json('clock') as Clock)?.step === 100)).toBe(true)
})

test('a command reaches the run, and its answer the viewer', async () => {
  const server = await serve()
  const viewer = await connect(server.url, { hello: { token: controlToken } })
  expect((await viewer.command({ do: 'play' })).error).toMatch(/takes no commands/)
  server.run().onCommand(async command => {
    if (command.do === 'seek') throw new OperatorError({ what: 'the step', expected: 'one of 3–9', got: command.step })
  })
  expect(await viewer.command({ do: 'play' })).toEqual({ id: 2, ok: true })
  expect((await viewer.command({ do: 'seek', step: 1 })).error).toBe('the step: expected one of 3–9, got 1.')
  await expect.poll(() => server.counters).toMatchObject({ viewersAdmitted: 1, commandsTaken: 3, commandsRefused: 2 })
})

test('what keeps it from being served is one sentence', async () => {
  const { url } = await serve()
  const port = Number(new URL(url).port)
  await expect(serve({ port })).rejects.toThrow(/`port` \d+: expected a free port, got "EADDRINUSE"/)
  await expect(serve({ listen: '0.0.0.0' })).rejects.toThrow(/expected a token/)
  await expect(serve({ files: 'nowhere' })).rejects.toThrow(/expected index\.html in nowhere/)
})

test('names of runs are words, and not too many', async () => {
  const server = await serve({ limits: { runs: 2 } })
  expect(server.run('b')).toBe(server.run('b'))
  expect(() => server.run('c')).toThrow(/at most 2 at once/)
  expect(() => server.run('../b')).toThrow(/a–z/)
  server.run('b').end()
  expect(server.run('c').name).toBe('c')
})

test('close ends by its deadline, though a viewer does not answer and a request has not ended', async () => {
  const server = await serve({ limits: { closeMs: 200 } })
  const viewer = await connect(server.url)
  await expect.poll(() => viewer.texts.length).toBe(1)
  viewer.socket.pause()
  const slow = request(server.url, { method: 'GET', headers: { 'content-length': '100' } }).on('error', () => undefined)
  slow.write('x')
  server.run().publish(new MadeUpRun().look())
  const from = performance.now()
  await server.close()
  expect(performance.now() - from).toBeLessThan(5_000)
  await server.close()
  await expect(connect(server.url)).rejects.toThrow(/ECONNREFUSED/)
})

/** Connects as a page does that lost its server: until it is there. */
async function again(url: string): Promise<Client> {
  for (;;) {
    const client = await connect(url).catch(() => undefined)
    if (client !== undefined) return client
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
