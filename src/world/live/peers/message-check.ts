/** What a message of another process must look like before an agent may hear it: by topic, the fields its readers use. */

import type { Swarm } from '../../../agents/index.js'
import { OperatorError } from '../../../core/index.js'

type Kind =
  | 'number'
  | 'finite'
  | 'price'
  | 'string'
  | 'boolean'
  | 'array'
  | 'object'
  | 'direction'
  | 'text?'
  | 'number?'
  | 'pair'
  | 'key'
  | 'pattern'
  | 'learner'
  | 'fold'
  | 'folds'
  | 'ordinals'
interface Shape {
  readonly [field: string]: Kind | Shape
}

/** What the model at this end knows, and a message of another process must not go beyond. */
export interface Known {
  readonly pairs: readonly string[]
  /** Size of the key space. */
  readonly keys: number
  readonly learners: number
  isPattern(name: string): boolean
}

/** @internal */
export function knownTo({ keys, pairs, learners }: Swarm): Known {
  const isPattern = (name: string) => {
    try {
      return keys.indexOf(name) >= 0
    } catch (error) {
      if (error instanceof OperatorError) return false
      throw error
    }
  }
  return { pairs, keys: keys.size, learners: learners.size, isPattern }
}

/** Disjoint thirds of the blocks: those of the discovery protocol. */
const folds = 3

const bar: Shape = {
  pair: 'pair',
  time: 'finite',
  barMs: 'finite',
  open: 'price',
  high: 'price',
  low: 'price',
  close: 'price',
  volume: 'finite',
  flags: 'finite',
}
const idea: Shape = {
  id: 'string',
  source: 'string',
  agent: 'string',
  pair: 'pair',
  direction: 'direction',
  confidence: 'finite',
  decidedAt: 'finite',
  expiresAt: 'finite',
  horizonBars: 'finite',
  barMs: 'finite',
  style: 'string',
  pattern: 'text?',
  moats: 'array',
  prediction: 'number?',
  features: 'object',
}
const trade: Shape = {
  tradeId: 'string',
  book: 'string',
  pair: 'pair',
  pnlE6: 'finite',
  entryTime: 'finite',
  exitTime: 'finite',
  features: 'object',
  ideaIds: 'array',
}
const signal: Shape = { moat: 'string', stream: 'string', time: 'finite', value: 'finite', placebo: 'boolean' }
const keyed: Shape = { key: 'key', sign: 'direction' }

const shapes: Readonly<Record<string, Shape>> = {
  'market-data': bar,
  'market-ticks': { pair: 'pair', time: 'finite', price: 'price', volume: 'finite' },
  'repo-data': signal,
  'logistics-data': signal,
  'govt-data': signal,
  'corp-data': signal,
  'mycelial-trade-ideas': idea,
  'baseline-trade-ideas': idea,
  'idea-drafts': idea,
  recollections: { idea, factor: 'finite', cases: 'finite' },
  'system-control': { book: 'string', kind: 'string', on: 'boolean', time: 'finite', reason: 'string', ends: 'string' },
  'trade-confirmations': trade,
  'synthesized-trade-log': trade,
  fills: { tradeId: 'string', book: 'string', pair: 'pair', side: 'string', time: 'finite', priceUsd: 'price' },
  'pattern-verdicts': { pattern: 'pattern', status: 'string', step: 'finite', sign: 'direction', placebo: 'boolean' },
  'cross-moat-signals': {
    moat: 'string',
    driver: 'string',
    transform: 'string',
    time: 'finite',
    z: 'number',
    placebo: 'boolean',
  },
  'leading-policies': { learner: 'learner', policy: 'text?' },
  recommendations: { explorer: 'string', team: 'string', pairs: 'array', coarse: 'boolean' },
  'book-marks': { time: 'finite', step: 'finite', equityE6: 'object' },
  'pattern-candidates': { ...keyed, t: 'number', step: 'finite', n: 'finite', sum: 'number', squares: 'number' },
  'pattern-duties': {
    confirmation: { ...keyed, t: 'number', stage: { from: 'finite', until: 'finite' }, z: 'folds', n: 'folds' },
    confirmers: 'ordinals',
  },
  'pattern-confirmations': { key: 'key', fold: 'fold', n: 'finite', z: 'number' },
  'confirmation-verdicts': { ...keyed, confirmed: 'boolean', pooled: 'number' },
  'research-shares': {
    ...keyed,
    fold: 'fold',
    n: 'finite',
    p: 'number',
    opposite: 'number',
    zr: 'number',
    zz: 'number',
    zr2: 'number',
  },
  'approval-verdicts': { ...keyed, approved: 'boolean', step: 'finite', p: 'number', zr: 'number', zz: 'number', zr2: 'number' },
  'pattern-retirements': { ...keyed, t: 'number' },
  contagion: { policy: 'text?' },
}

/** The first field that is not what the topic's readers need, or undefined. */
export function messageProblem(topic: string, message: unknown, known: Known): string | undefined {
  const [family = '', member] = topic.split(':')
  const shape = shapes[family]
  if (shape === undefined) return 'unknown topic'
  if (typeof message !== 'object' || message === null) return 'no message'
  const { pair, stream } = message as { pair?: unknown; stream?: unknown }
  return shapeProblem(message, shape, known) ?? (member === undefined || member === (pair ?? stream) ? undefined : 'topic')
}

function shapeProblem(message: object, shape: Shape, known: Known): string | undefined {
  for (const [name, kind] of Object.entries(shape)) {
    const value = (message as Record<string, unknown>)[name]
    if (typeof kind === 'string') {
      if (!isKind(value, kind, known)) return name
      continue
    }
    const inner = typeof value === 'object' && value !== null ? shapeProblem(value, kind, known) : ''
    if (inner !== undefined) return inner === '' ? name : `${name}.${inner}`
  }
  return undefined
}

function isKind(value: unknown, kind: Kind, known: Known): boolean {
  switch (kind) {
    case 'finite':
      return Number.isFinite(value)
    case 'price':
      return Number.isFinite(value) && (value as number) > 0
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null
    case 'direction':
      return value === 1 || value === -1
    case 'text?':
      return value === null || typeof value === 'string'
    case 'number?':
      return value === null || typeof value === 'number'
    case 'pair':
      return known.pairs.includes(value as string)
    case 'key':
      return isBelow(value, known.keys)
    case 'pattern':
      return typeof value === 'string' && known.isPattern(value)
    case 'learner':
      return typeof value === 'string' && isBelow(Number(/^PatternLearner-(\d{1,9})$/.exec(value)?.[1]), known.learners)
    case 'fold':
      return isBelow(value, folds)
    case 'folds':
      return isPerFold(value, x => typeof x === 'number')
    case 'ordinals':
      // Nobody, which is undefined, crosses the wire as null.
      return isPerFold(value, x => x === null || x === undefined || isBelow(x, known.learners))
    default:
      return typeof value === kind
  }
}

function isPerFold(value: unknown, holds: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === folds && value.every(holds)
}

function isBelow(value: unknown, limit: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit
}
