/** What a portfolio acts on: one idea, or a collision of two, reduced to the same few facts. */

import type { TimeMs } from '../core/index.js'
import { barsAfter, type PairHours } from '../exchange/index.js'
import type { Direction, Features, Idea, Recall, Style } from './idea.js'

export interface Signal {
  readonly pair: string
  readonly direction: Direction
  /** In [0, 1]. */
  readonly confidence: number
  readonly decidedAt: TimeMs
  readonly expiresAt: TimeMs
  /** The end of its horizon, counted from the decision: a position is closed at the first open at or after it. */
  readonly closesAt: TimeMs
  readonly horizonBars: number
  readonly barMs: number
  readonly style: Style
  readonly agent: string
  readonly pattern: string | null
  readonly prediction: number | null
  /** Distinct moats behind it. */
  readonly crossMoatScore: number
  readonly features: Features
  /** What memory said of the idea; undefined: it was not consulted. */
  readonly recall: Recall | undefined
  readonly ideaIds: readonly string[]
  readonly collision: boolean
}

/** `hours`: when the pair's market is open; its horizon counts bars of that. */
export function ideaSignal(idea: Idea, hours: PairHours = alwaysOpen): Signal {
  const origin = { confidence: idea.confidence, expiresAt: idea.expiresAt, ideaIds: [idea.id], collision: false }
  return signalOf(idea, origin, hours)
}

/**
 * The signal of a collision: the mycelial idea, because it has horizon, pattern and expected return; the horizon counts from its
 * decision. The confidence is the mean of both, and it is valid while both are.
 */
export function collisionSignal(mycelial: Idea, baseline: Idea, hours: PairHours = alwaysOpen): Signal {
  const origin = {
    confidence: (mycelial.confidence + baseline.confidence) / 2,
    expiresAt: Math.min(mycelial.expiresAt, baseline.expiresAt),
    ideaIds: [mycelial.id, baseline.id],
    collision: true,
  }
  return signalOf(mycelial, origin, hours)
}

const alwaysOpen: PairHours = {}

/** The fields that differ between an idea and a collision; the rest comes from the idea. */
type Origin = Pick<Signal, 'confidence' | 'expiresAt' | 'ideaIds' | 'collision'>

function signalOf(idea: Idea, { confidence, expiresAt, ideaIds, collision }: Origin, hours: PairHours): Signal {
  return {
    pair: idea.pair,
    direction: idea.direction,
    confidence,
    decidedAt: idea.decidedAt,
    expiresAt,
    closesAt: barsAfter(hours, idea.decidedAt, idea.horizonBars, idea.barMs),
    horizonBars: idea.horizonBars,
    barMs: idea.barMs,
    style: idea.style,
    agent: idea.agent,
    pattern: idea.pattern,
    prediction: idea.prediction,
    crossMoatScore: idea.moats.length < 2 ? idea.moats.length : new Set(idea.moats).size,
    features: idea.features,
    recall: idea.recall,
    ideaIds,
    collision,
  }
}
