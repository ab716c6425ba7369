import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { chromaVectors, embeddedVectors, featureEmbedder, TradeMemory, type VectorStore } from '../../src/memory/index.js'
import { pastTradeCollections, pastTradeOf } from '../../src/trading/index.js'
import { serverForTests } from './chroma-kit.js'
import { caseOf, casesFrom, subjectOf, tradeOf } from './past-cases.js'

const embedder = featureEmbedder()
const { server, skip, end } = await serverForTests()
afterAll(end)

async function emptyChroma(): Promise<VectorStore> {
  const store = await chromaVectors({ url: server?.url ?? '', embedding: embedder, requestMs: 50_000 })
  for (const name of pastTradeCollections) await store.drop(name)
  return store
}

const stores: [string, () => Promise<VectorStore>, string | undefined][] = [
  ['embedded', async () => embeddedVectors(embedder.dimension), undefined],
  ['chroma', emptyChroma, skip],
]

describe.each(stores)('memory of trades over %s', (_, make, skip) => {
  let store: VectorStore
  let memory: TradeMemory
  beforeEach(async () => {
    if (skip !== undefined) return
    store = await make()
    memory = new TradeMemory({ embedder, store, keep: 20 })
  })
  const ask = (rsi: number, before = 1_000, over = {}) =>
    memory.candidates({ subject: subjectOf(rsi), market: 'made', before, ...over })
  const counts = () => Promise.all(pastTradeCollections.map(name => store.count(name)))

  it.skipIf(skip)('keeps wins, losses and what each agent knows apart', async () => {
    await memory.remember([caseOf('a', 20), caseOf('b', 30, { pnlE6: -5 }), caseOf('c', 40, { pnlE6: 0 })])
    expect(await counts()).toEqual([1, 2, 3])
  })

  it.skipIf(skip)('refuses a trade that another version stored, with the command that mends it', async () => {
    const [vector = new Float32Array()] = await embedder.embed([subjectOf(20)])
    await store.upsert('trading_patterns', [{ id: 'run-1/a', vector, metadata: { market: 'made', closedAt: 5, pnlE6: 3 } }])
    await expect(ask(20)).rejects.toThrow(/run-1\/a.*mycelia memory rebuild/s)
  })

  it.skipIf(skip)('finds the nearest of both outcomes, with all that a ranking needs', async () => {
    const trade = tradeOf('a', 21, { pnlE6: -7, direction: -1, exitTime: 500 })
    await memory.remember([
      caseOf('far', 90, { direction: -1 }),
      caseOf('near', 20, { direction: -1 }),
      { run: 'run-1', market: 'made', trade, moats: ['code', 'government'] },
    ])
    const found = await memory.candidates({ subject: trade, market: 'made', before: 1_000, k: 2 })
    expect(found.map(({ id }) => id)).toEqual(['run-1/a', 'run-1/near'])
    const { id: _id, ...past } = pastTradeOf(trade)
    const vector = past.vector.map(x => x + 0)
    expect(found[0]).toMatchObject({
      ...past,
      vector,
      run: 'run-1',
      tradeId: 'a',
      pair: 'XXBTZUSD',
      pnlE6: -7,
      moats: ['code', 'government'],
    })
    expect(found[0]?.distance).toBeCloseTo(0, 5)
  })

  it.skipIf(skip)('gives unknown features back as unknown', async () => {
    const features = { ...subjectOf(50).features, macd: null, trend: null }
    await memory.remember([caseOf('a', 50, { features, prediction: null })])
    const [found] = await ask(50)
    expect(found?.vector).toEqual(pastTradeOf(tradeOf('a', 50, { features, prediction: null })).vector)
  })

  it.skipIf(skip)('never looks ahead, nor into another market', async () => {
    await memory.remember([
      caseOf('early', 50, { exitTime: 100 }),
      caseOf('late', 50, { exitTime: 200 }),
      caseOf('elsewhere', 50, { exitTime: 1 }, 'other'),
    ])
    const seen = async (before: number) => (await ask(50, before)).map(({ tradeId }) => tradeId)
    expect([await seen(100), await seen(101), await seen(200), await seen(201)]).toEqual([
      [],
      ['early'],
      ['early'],
      ['early', 'late'],
    ])
  })

  it.skipIf(skip)('asks one agent’s own trades where told', async () => {
    await memory.remember([
      caseOf('mine', 50, { agent: 'X' }),
      caseOf('lost', 60, { agent: 'X', pnlE6: -1 }),
      caseOf('yours', 50, { agent: 'Y' }),
    ])
    expect((await ask(50, 1_000, { agent: 'X' })).map(({ tradeId }) => tradeId)).toEqual(['mine', 'lost'])
  })

  it.skipIf(skip)('remembers a trade once, in this process and the next', async () => {
    await memory.remember(casesFrom(0, 10))
    await memory.remember(casesFrom(5, 10))
    expect(memory.counters()).toEqual({ remembered: 15, known: 5, retired: 0 })
    const next = new TradeMemory({ embedder, store, keep: 20 })
    await next.remember(casesFrom(0, 15))
    expect(next.counters()).toEqual({ remembered: 0, known: 15, retired: 0 })
    expect(await counts()).toEqual([8, 7, 15])
  })

  it.skipIf(skip)('keeps the latest trades of a scope, and counts those that make room', async () => {
    await memory.remember(casesFrom(0, 50))
    await memory.remember([caseOf('elsewhere', 1, { exitTime: 0 }, 'other')])
    expect(memory.counters()).toEqual({ remembered: 51, known: 0, retired: 30 })
    expect((await ask(50)).map(({ closedAt }) => closedAt).sort((a, b) => a - b)).toEqual(
      casesFrom(30, 20).map(({ trade }) => trade.exitTime),
    )
    expect((await counts()).at(-1)).toBe(21)
  })

  it.skipIf(skip)('does not store again what retention removed', async () => {
    await memory.remember(casesFrom(0, 50))
    memory.lookAgain()
    await memory.remember(casesFrom(0, 30))
    expect(memory.counters()).toMatchObject({ remembered: 50, retired: 60 })
    expect((await counts()).at(-1)).toBe(20)
  })
})
