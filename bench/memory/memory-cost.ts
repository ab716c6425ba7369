/** What memory costs: embeddings a second, the time of a question among 100,000 trades, and how large memory is after a million. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chromaVectors,
  type Embedder,
  embeddedVectors,
  featureEmbedder,
  MemoryWriter,
  type PastCase,
  sentenceEmbedder,
  startChroma,
  TradeMemory,
  type VectorStore,
  weightedEmbedder,
} from '../../src/memory/index.js'
import type { Trade, TradeContext } from '../../src/trading/index.js'
import { type Quantiles, quantiles } from '../live/quantiles.js'

export interface MemoryCost {
  /** Trades embedded a second, on one thread; a sentence where the model's package is not installed. */
  readonly embedding: { readonly features: number; readonly sentences: number | string }
  /** Milliseconds of a question among so many trades: the hundred nearest of both outcomes. */
  readonly trades: number
  readonly embeddedMs: Quantiles
  readonly chromaMs: Quantiles | string
  /** Share of the embedded store's answers that Chroma gives too. */
  readonly chromaRecall: number | string
  /** After so many trades: what is kept, and the heap it takes. */
  readonly flood: { readonly trades: number; readonly kept: number; readonly heapMb: number }
}

const kept = 100_000
const questions = 400
const flood = 1_000_000
const market = 'bench'

export async function memoryCost(): Promise<MemoryCost> {
  const embedder = weightedEmbedder()
  const embedding = { features: await perSecond(featureEmbedder(), 100_000), sentences: await sentencesPerSecond() }
  const store = embeddedVectors(embedder.dimension)
  const exact = await filled(embedder, store)
  const embeddedMs = await timed(exact)
  const chroma = await overChroma(embedder, exact)
  await caughtUp(exact)
  globalThis.gc?.()
  const heapMb = process.memoryUsage().heapUsed / 2 ** 20
  const left = await store.count('agent_knowledge')
  return { embedding, trades: kept, embeddedMs, ...chroma, flood: { trades: flood, kept: left, heapMb } }
}

async function sentencesPerSecond(): Promise<number | string> {
  try {
    const embedder = await sentenceEmbedder({ cached: 1 })
    const speed = await perSecond(embedder, 5_000)
    await embedder.close()
    return speed
  } catch (error) {
    return (error as Error).message
  }
}

async function perSecond(embedder: Embedder, count: number): Promise<number> {
  const subjects = Array.from({ length: count }, (_, i) => subject(i))
  await embedder.embed(subjects.slice(0, 500))
  const started = performance.now()
  for (let from = 0; from < count; from += 500) await embedder.embed(subjects.slice(from, from + 500))
  return count / ((performance.now() - started) / 1_000)
}

async function overChroma(embedder: Embedder, exact: TradeMemory): Promise<Pick<MemoryCost, 'chromaMs' | 'chromaRecall'>> {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-bench-chroma-'))
  try {
    const server = await startChroma({ folder })
    try {
      const store = await chromaVectors({ url: server.url, embedding: embedder, requestMs: 120_000 })
      const memory = await filled(embedder, store)
      return { chromaMs: await timed(memory), chromaRecall: await recall(memory, exact) }
    } finally {
      await server.stop('SIGKILL')
    }
  } catch (error) {
    return { chromaMs: (error as Error).message, chromaRecall: 'not measured' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The first trades, one closed a minute. */
async function filled(embedder: Embedder, store: VectorStore): Promise<TradeMemory> {
  const memory = new TradeMemory({ embedder, store, keep: kept })
  for (const page of pages(kept)) await memory.remember(page)
  return memory
}

/** As after an outage: the writer compares a ledger of a million trades. */
async function caughtUp(memory: TradeMemory): Promise<void> {
  const writer = new MemoryWriter({ memory, ledger: () => pages(flood) })
  await writer.settled()
  await writer.close()
}

function* pages(count: number): Generator<PastCase[]> {
  const size = 5_000
  for (let from = 0; from < count; from += size) yield Array.from({ length: size }, (_, i) => pastCase(from + i))
}

const ask = (memory: TradeMemory, i: number) => memory.candidates({ subject: subject(-1 - i), market, before: flood * 60_000 })

async function timed(memory: TradeMemory): Promise<Quantiles> {
  for (let i = 0; i < 20; i++) await ask(memory, i)
  const times: number[] = []
  for (let i = 0; i < questions; i++) {
    const started = performance.now()
    await ask(memory, i)
    times.push(performance.now() - started)
  }
  return quantiles(times)
}

async function recall(memory: TradeMemory, exact: TradeMemory): Promise<number> {
  let hits = 0
  let all = 0
  for (let i = 0; i < 100; i++) {
    const found = new Set((await ask(memory, i)).map(({ id }) => id))
    const wanted = await ask(exact, i)
    hits += wanted.filter(({ id }) => found.has(id)).length
    all += wanted.length
  }
  return hits / all
}

function pastCase(i: number): PastCase {
  const trade: Trade = {
    ...subject(i),
    tradeId: `mycelial:${i}:PatternLearner-${i % 60}:0`,
    portfolio: 'mycelial',
    pair: `PAIR${i % 18}`,
    style: 'DAY',
    agent: `PatternLearner-${i % 60}`,
    pattern: 'bench',
    ideaIds: [],
    entryTime: i * 60_000 - 3_600_000,
    exitTime: i * 60_000,
    entryPriceUsd: 100,
    exitPriceUsd: 101,
    qtyE8: 1e8,
    entryNotionalE6: 100e6,
    exitNotionalE6: 101e6,
    feesE6: 0,
    slippageE6: 0,
    borrowE6: 0,
    pnlE6: chance(i, 10) < 0.5 ? 1e6 : -1e6,
    reason: 'horizon',
    collision: false,
    confidence: 0.6,
    barsHeld: 4,
  }
  return { run: 'bench', market, trade }
}

/** Features spread as in simulated trades, about. */
function subject(i: number): TradeContext {
  const at = (feature: number) => chance(i, feature) + chance(i, feature + 20) + chance(i, feature + 40) - 1.5
  return {
    features: {
      rsi: 50 + 30 * at(0),
      macd: 0.06 * at(1),
      bollinger: 0.5 + 0.6 * at(2),
      atr: 0.015 * 3 ** at(3),
      volume: 1 + 0.6 * at(4),
      regime: Math.floor(3 * chance(i, 5)),
      trend: 2 * at(6),
    },
    direction: chance(i, 7) < 0.5 ? 1 : -1,
    prediction: 0.01 * at(8),
    crossMoatScore: Math.floor(4 * chance(i, 9)),
  }
}

/** In [0, 1), always the same for the same numbers. */
function chance(i: number, feature: number): number {
  let x = Math.imul(i + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(feature + 1, 0xc2b2ae35)
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d)
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39)
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32
}
