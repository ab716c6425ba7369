import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { OperatorError, TransientError } from '../../src/core/index.js'
import { chromaAnswers, chromaVectors, type VectorStore } from '../../src/memory/index.js'
import { serverForTests } from './chroma-kit.js'
import { item, vectorStoreConformance } from './vector-store-conformance.js'

const { server, skip, end } = await serverForTests()
afterAll(end)
const url = server?.url ?? 'http://127.0.0.1:9'
const wins = 'trading_patterns'

async function empty(embedding = { name: 'features', dimension: 3 }): Promise<VectorStore> {
  const store = await chromaVectors({ url, embedding, requestMs: 50_000 })
  for (const name of [wins, 'failed_patterns']) await store.drop(name)
  return store
}

vectorStoreConformance('chroma', empty, skip)

it.skipIf(skip)(
  `a collection of another embedding is refused with the next move${skip ? ` (skipped: ${skip})` : ''}`,
  async () => {
    const store = await empty()
    await store.upsert(wins, [item('a', [1, 2, 3])])
    for (const embedding of [
      { name: 'sentences', dimension: 3 },
      { name: 'features', dimension: 4 },
    ]) {
      const other = await chromaVectors({ url, embedding })
      const asked = other.query(wins, { vector: new Float32Array(embedding.dimension), k: 1 })
      await expect(asked).rejects.toThrow(OperatorError)
      await expect(asked).rejects.toThrow(
        /"trading_patterns" has vectors of the embedding "features" with 3 numbers: .*mycelia memory rebuild/,
      )
    }
    expect(await (await chromaVectors({ url, embedding: { name: 'features', dimension: 3 } })).count(wins)).toBe(1)
  },
)

it.skipIf(skip)('a store finds its collection again after another process made it anew', async () => {
  const store = await empty()
  await store.upsert(wins, [item('a', [1, 2, 3])])
  const other = await chromaVectors({ url, embedding: { name: 'features', dimension: 3 } })
  await other.drop(wins)
  await expect(store.count(wins)).rejects.toThrow(TransientError)
  expect(await store.count(wins)).toBe(0)
})

it.skipIf(skip)('a store says whether Chroma answers', async () => {
  expect(await chromaAnswers(url)).toBe(true)
  expect(await chromaAnswers('http://127.0.0.1:9')).toBe(false)
})

it('a server that is down is trouble that may pass', async () => {
  const store = await chromaVectors({ url: 'http://127.0.0.1:9', embedding: { name: 'features', dimension: 3 } })
  await expect(store.count(wins)).rejects.toThrow(TransientError)
  await expect(store.count(wins)).rejects.toThrow('Chroma cannot be reached.')
})

it('a server that is slow is given up at the limit of time, and its connection with it', async () => {
  let closed = 0
  const silent = createServer(request => request.socket.once('close', () => closed++)).listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await new Promise(resolve => silent.once('listening', resolve))
  const port = (silent.address() as AddressInfo).port
  const options = { url: `http://127.0.0.1:${port}`, embedding: { name: 'features', dimension: 3 }, requestMs: 200 }
  const store = await chromaVectors(options)
  await expect(store.count(wins)).rejects.toThrow('Chroma did not answer within 200 ms.')
  await expect.poll(() => closed).toBeGreaterThan(0)
})

it('a server that answers 500 is trouble that may pass', async () => {
  const broken = createServer((_, response) => response.writeHead(500).end('{"error":"disk full"}')).listen(0, '127.0.0.1')
  onTestFinished(() => void broken.close())
  await new Promise(resolve => broken.once('listening', resolve))
  const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`
  const store = await chromaVectors({ url, embedding: { name: 'features', dimension: 3 } })
  await expect(store.upsert(wins, [item('a', [1, 2, 3])])).rejects.toThrow(TransientError)
})

it('an address that is none is refused', async () => {
  const made = chromaVectors({ url: 'localhost:8000', embedding: { name: 'features', dimension: 3 } })
  await expect(made).rejects.toThrow(/expected one like http:\/\/127.0.0.1:8000/)
})

it('a missing client is named with the command that installs it', async () => {
  const load = () => Promise.reject(new Error('Cannot find package'))
  const made = chromaVectors({ url, embedding: { name: 'features', dimension: 3 }, load })
  await expect(made).rejects.toThrow(/chromadb, which is not installed. Run: npm install chromadb/)
})
