/** Checks messages of other processes before agents receive them, against the topic's shape and the names this model knows. */

import { type Swarm, swarmTopics } from '../../../agents/index.js'
import type { Known } from '../../../bus/index.js'
import { OperatorError } from '../../../core/index.js'

/** What the model at this end knows, and a message of another process must not go beyond. */
export function knownTo({ hypotheses, pairs, learners }: Swarm): Known {
  const isOrdinal = (value: unknown) => isBelow(value, learners.size)
  return {
    pair: value => pairs.includes(value as string),
    hypothesis: value => isBelow(value, hypotheses.size),
    pattern: value => typeof value === 'string' && isPattern(hypotheses, value),
    learner: value => typeof value === 'string' && isOrdinal(Number(/^PatternLearner-(\d{1,9})$/.exec(value)?.[1])),
    'learner ordinal': isOrdinal,
  }
}

/** The first field that is not what the topic's shape says, or undefined. */
export function messageProblem(topic: string, message: unknown, known: Known): string | undefined {
  return swarmTopics.problem(topic, message, known)
}

function isPattern(keys: Swarm['hypotheses'], name: string): boolean {
  try {
    return keys.indexOf(name) >= 0
  } catch (error) {
    if (error instanceof OperatorError) return false
    throw error
  }
}

function isBelow(value: unknown, limit: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit
}
