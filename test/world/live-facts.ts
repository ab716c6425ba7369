/** The facts of a live run that does well, for tests of what is said of it. */

import type { SearchProgress } from '../../src/agents/index.js'
import type { PositionStatus } from '../../src/trading/index.js'
import type { PortfolioStatus } from '../../src/world/index.js'
import type { LiveFacts } from '../../src/world/live/operations/status.js'

export const now = Date.UTC(2026, 0, 2, 12)
export const minutes = (n: number) => n * 60_000

export function position(given: Partial<PositionStatus> = {}): PositionStatus {
  return {
    pair: 'SOLUSD',
    direction: 1,
    tradeId: 'baseline:480:TechnicalAnalysis-3:0',
    qty: 10,
    entryTime: now - minutes(12),
    entryPriceUsd: 100,
    priceUsd: 102,
    valueUsd: 1_020,
    pnlUsd: 19.6,
    stopUsd: 96.9,
    targetUsd: 107.1,
    barsHeld: 12,
    leaving: null,
    ...given,
  }
}

export function portfolio(given: Partial<PortfolioStatus> = {}): PortfolioStatus {
  return { equityUsd: 99_996, pnlUsd: -4, trades: 3, positions: [], halted: false, signals: 0, ignored: {}, ...given }
}

/** The facts of the swarm, which searches for patterns. */
type SwarmFacts = LiveFacts & { readonly search: SearchProgress }

export function facts(given: Partial<LiveFacts> = {}): SwarmFacts {
  const all: LiveFacts = {
    runId: 'trifecta-seed1',
    runDir: 'runs/live-1',
    scenario: 'trifecta',
    seed: 1,
    pid: 1,
    state: 'live',
    startedAt: now - minutes(90),
    updatedAt: now,
    barMs: 60_000,
    agents: null,
    tick: 5_000,
    step: 412,
    modelTime: now - 20,
    lastBarEnd: now - 1_000,
    lastCheckpoint: 411,
    portfolios: { baseline: portfolio({ signals: 40 }), mycelial: portfolio(), synthesized: portfolio() },
    halts: [],
    limits: {},
    commands: [],
    pending: [],
    ideas: 40,
    collisions: 0,
    ideasBySource: { baseline: 40, mycelial: 0 },
    approved: 0,
    patterns: {},
    memory: null,
    quarantined: [],
    dataEnded: [],
    feeds: [],
    dataEndedLoss: 0,
    lastDataAt: { SOLUSD: now - 100, ADAUSD: now - 200 },
    stalePairs: [],
    staleStreams: [],
    staleTopics: [],
    linkDownSince: null,
    failedSources: [],
    search: {
      bars: 412,
      barsNeeded: 2_883,
      tested: 0,
      candidates: 0,
      confirmed: 0,
      approved: 0,
      rejected: 0,
      retired: 0,
      inForce: 0,
      traded: 0,
      forced: 0,
    },
    clockOffsetMs: null,
    lastTrade: null,
    missed: 0,
    rejected: 0,
    counters: { feed: {}, transport: {}, world: {} },
    timing: { commitMs: 1, tickMs: 2, longestTickMs: 3 },
    population: { DataMiner: 2 },
    heapBytes: 1_000,
    ...given,
  }
  return all as SwarmFacts
}
