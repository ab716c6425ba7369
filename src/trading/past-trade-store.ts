/** Exact nearest neighbours among the latest finished trades, in memory bounded by its capacity: the store a simulation uses. */

import { checkedCount } from '../core/index.js'
import { type FeatureMoments, featureWeights, newFeatureMoments, observeFeatures } from './feature-moments.js'
import {
  MAX_NEIGHBOURS,
  type Neighbour,
  type PastTrade,
  type PastTradeCollection,
  type PastTradeQuery,
  type PastTradeStore,
  pastTradeFeatureNames,
} from './past-trade.js'

export const memoryLimits = {
  /** Past trades kept; a new one replaces the oldest. */
  cases: 1_024,
} as const

const SIZE = pastTradeFeatureNames.length

/** State of the store: a ring of past trades and the running moments that standardise them. */
interface ExactState {
  readonly capacity: number
  /** Past trades ever added; the next goes to slot `added % capacity`. */
  added: number
  wins: number
  readonly ids: string[]
  readonly agents: string[]
  readonly closedAt: Float64Array
  readonly win: Uint8Array
  readonly moats: (string | null)[]
  /** One row of features per slot. */
  readonly vectors: Float64Array
  /** Over every past trade ever added. */
  readonly moments: FeatureMoments
  /** Past trades that made room for newer ones. */
  evicted: number
}

/** An empty store for at most `capacity` past trades. */
export function exactPastTradeStore(capacity: number = memoryLimits.cases): PastTradeStore {
  let state = emptyState(capacity)
  let known = new Set<string>()
  return {
    add: item => addPastTrade(state, known, item),
    query: question => nearest(state, question),
    size: collection => sizeOf(state, collection),
    save: () => structuredClone(state),
    restore: saved => {
      state = structuredClone(saved) as ExactState
      known = new Set(state.ids)
    },
  }
}

function emptyState(capacity: number): ExactState {
  checkedCount('capacity of the store of past trades', capacity)
  return {
    capacity,
    added: 0,
    wins: 0,
    ids: [],
    agents: [],
    closedAt: new Float64Array(capacity),
    win: new Uint8Array(capacity),
    moats: [],
    vectors: new Float64Array(capacity * SIZE),
    moments: newFeatureMoments(),
    evicted: 0,
  }
}

function addPastTrade(state: ExactState, known: Set<string>, item: PastTrade): boolean {
  if (known.has(item.id)) return false
  const slot = state.added % state.capacity
  const old = state.ids[slot]
  if (old !== undefined) {
    known.delete(old)
    state.wins -= state.win[slot] as number
    state.evicted++
  }
  known.add(item.id)
  state.ids[slot] = item.id
  state.agents[slot] = item.agent
  state.closedAt[slot] = item.closedAt
  state.win[slot] = item.win ? 1 : 0
  state.moats[slot] = item.moat
  state.vectors.set(item.vector, slot * SIZE)
  state.wins += item.win ? 1 : 0
  state.added++
  observeFeatures(state.moments, item.vector, item.win)
  return true
}

function sizeOf(state: ExactState, collection?: PastTradeCollection): number {
  const all = Math.min(state.added, state.capacity)
  if (collection === 'trading_patterns') return state.wins
  return collection === 'failed_patterns' ? all - state.wins : all
}

/** The k nearest by mean squared difference, each feature in its own weight. Ties go to the older slot. */
function nearest(state: ExactState, question: PastTradeQuery): Neighbour[] {
  const k = Math.min(question.k ?? MAX_NEIGHBOURS, MAX_NEIGHBOURS)
  const total = Math.min(state.added, state.capacity)
  if (total === 0 || k < 1) return []
  const best = new Float64Array(k).fill(Number.POSITIVE_INFINITY)
  const slots = new Int32Array(k).fill(-1)
  const { closedAt, agents, vectors } = state
  const { before, agent, vector } = question
  const comparison = { vectors, vector, weights: featureWeights(state.moments) }
  for (let slot = 0; slot < total; slot++) {
    if (!((closedAt[slot] as number) < before) || (agent !== undefined && agents[slot] !== agent)) continue
    const d = distance(comparison, slot, best[k - 1] as number)
    if (d < (best[k - 1] as number)) insert(best, slots, d, slot)
  }
  return neighboursAt(state, best, slots)
}

/** A query's vector against all that are stored: made once a query, as the loop over slots allocates nothing. */
interface Comparison {
  readonly vectors: Float64Array
  readonly vector: Float64Array
  readonly weights: Float64Array
}

/** Mean squared difference over the features; gives up, returning Infinity, as soon as it exceeds `limit`. */
function distance({ vectors, vector, weights }: Comparison, slot: number, limit: number): number {
  const at = slot * SIZE
  const most = limit * SIZE
  let sum = 0
  for (let d = 0; d < SIZE; d++) {
    const off = (vectors[at + d] as number) - (vector[d] as number)
    const square = off * off * (weights[d] as number)
    // NaN (unknown on either side) adds nothing.
    if (square > 0) sum += square
    if (sum > most) return Number.POSITIVE_INFINITY
  }
  return sum / SIZE
}

function insert(best: Float64Array, slots: Int32Array, d: number, slot: number): void {
  let i = best.length - 1
  while (i > 0 && (best[i - 1] as number) > d) {
    best[i] = best[i - 1] as number
    slots[i] = slots[i - 1] as number
    i--
  }
  best[i] = d
  slots[i] = slot
}

function neighboursAt(state: ExactState, best: Float64Array, slots: Int32Array): Neighbour[] {
  const found: Neighbour[] = []
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as number
    if (slot < 0) break
    const { ids, win, moats } = state
    const [id, moat] = [ids[slot] as string, moats[slot] as string | null]
    found.push({ id, win: win[slot] === 1, moat, distance: best[i] as number })
  }
  return found
}
