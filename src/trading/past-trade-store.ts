/** Exact nearest neighbours among the latest finished trades, in memory bounded by its capacity: the store a simulation uses. */

import { OperatorError } from '../core/index.js'
import {
  MAX_NEIGHBOURS,
  type NeighbourOutcomes,
  noNeighbours,
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
  /** One row of features per slot. */
  readonly vectors: Float64Array
  /** Per feature, over every past trade ever added: count, mean, sum of squared differences. */
  readonly count: Float64Array
  readonly mean: Float64Array
  readonly squares: Float64Array
  /** Per feature, over the same trades: the share won, and Σ (feature − its mean)(won − share). */
  readonly won: Float64Array
  readonly products: Float64Array
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
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw new OperatorError({ what: 'capacity of the store of past trades', expected: 'a whole number ≥ 1', got: capacity })
  }
  return {
    capacity,
    added: 0,
    wins: 0,
    ids: [],
    agents: [],
    closedAt: new Float64Array(capacity),
    win: new Uint8Array(capacity),
    vectors: new Float64Array(capacity * SIZE),
    count: new Float64Array(SIZE),
    mean: new Float64Array(SIZE),
    squares: new Float64Array(SIZE),
    won: new Float64Array(SIZE),
    products: new Float64Array(SIZE),
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
  state.vectors.set(item.vector, slot * SIZE)
  state.wins += item.win ? 1 : 0
  state.added++
  for (let d = 0; d < SIZE; d++) standardise(state, d, item.vector[d] as number, item.win ? 1 : 0)
  return true
}

/** Welford's update of one feature's moments, and of its product with the outcome; unknown values do not enter. */
function standardise(state: ExactState, d: number, x: number, win: 0 | 1): void {
  if (!Number.isFinite(x)) return
  const n = (state.count[d] as number) + 1
  const off = x - (state.mean[d] as number)
  const mean = (state.mean[d] as number) + off / n
  state.count[d] = n
  state.mean[d] = mean
  state.squares[d] = (state.squares[d] as number) + off * (x - mean)
  state.won[d] = (state.won[d] as number) + (win - (state.won[d] as number)) / n
  state.products[d] = (state.products[d] as number) + off * (win - (state.won[d] as number))
}

function sizeOf(state: ExactState, collection?: PastTradeCollection): number {
  const all = Math.min(state.added, state.capacity)
  if (collection === 'trading_patterns') return state.wins
  return collection === 'failed_patterns' ? all - state.wins : all
}

/**
 * Weight of one unit of difference in each feature: relevance / variance, the relevances being 1 on average; 0 where a feature has
 * not varied. Nearness in what never told wins from losses says little about the next one.
 */
function scales(state: ExactState): Float64Array {
  const weights = new Float64Array(SIZE)
  let sum = 0
  for (let d = 0; d < SIZE; d++) sum += relevance(state, d)
  for (let d = 0; d < SIZE; d++) {
    const variance = (state.squares[d] as number) / Math.max(1, (state.count[d] as number) - 1)
    // Rounding alone gives a constant feature a variance of about (1e-16 × mean)².
    weights[d] = variance > 1e-24 * (state.mean[d] as number) ** 2 ? (SIZE * relevance(state, d)) / (sum * variance) : 0
  }
  return weights
}

/** 1 + n r², where r is the correlation of a feature with the outcome: about 2 for one that says nothing, and growing with evidence. */
function relevance(state: ExactState, d: number): number {
  const won = state.won[d] as number
  const spread = (state.squares[d] as number) * won * (1 - won)
  return spread > 0 ? 1 + (state.products[d] as number) ** 2 / spread : 1
}

/** The k nearest by mean squared standardised difference d², each weighing 1 / (1 + d²). Ties go to the older slot. */
function nearest(state: ExactState, question: PastTradeQuery): NeighbourOutcomes {
  const k = Math.min(question.k ?? MAX_NEIGHBOURS, MAX_NEIGHBOURS)
  const total = Math.min(state.added, state.capacity)
  if (total === 0 || k < 1) return noNeighbours
  const best = new Float64Array(k).fill(Number.POSITIVE_INFINITY)
  const slots = new Int32Array(k).fill(-1)
  const { closedAt, agents, vectors } = state
  const { before, agent, vector } = question
  const comparison = { vectors, vector, weights: scales(state) }
  for (let slot = 0; slot < total; slot++) {
    if (!((closedAt[slot] as number) < before) || (agent !== undefined && agents[slot] !== agent)) continue
    const d = distance(comparison, slot, best[k - 1] as number)
    if (d < (best[k - 1] as number)) insert(best, slots, d, slot)
  }
  return record(state, best, slots)
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

function record(state: ExactState, best: Float64Array, slots: Int32Array): NeighbourOutcomes {
  let wins = 0
  let losses = 0
  let neighbours = 0
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as number
    if (slot < 0) break
    neighbours++
    const weight = 1 / (1 + (best[i] as number))
    if (state.win[slot] === 1) wins += weight
    else losses += weight
  }
  return { wins, losses, neighbours }
}
