/** Checks messages of other processes before agents receive them: their shape, the names and times that this model knows, and what contradicts. */

import { foreignRule, type Swarm, swarmTopics } from '../../../agents/index.js'
import type { Known } from '../../../bus/index.js'
import { DAY_MS, OperatorError } from '../../../core/index.js'
import { liveLimits } from '../limits.js'
import type { AgentIds, Speaker } from './agent-ids.js'
import { HeardBefore } from './heard-before.js'
import { fromWire } from './wire-value.js'

/** How old a bar may be, in bars: what a start lives through of before, and some more. */
const barsBehind = 800
/** How far ahead an instant may be that a message plans for. */
const planAheadMs = 400 * DAY_MS
/** How far beyond the present step a step may be: a stage ends later than it begins. */
const stepsAhead = 100_000

export interface KnownOptions {
  readonly ids: Pick<AgentIds, 'isKey'>
  readonly now: () => number
  /** The highest number of a step that this shard or another has come to; undefined: not known yet. */
  readonly step: () => number | undefined
}

/** What the model at this end knows, and a message of another process must not go beyond. */
export function knownTo({ hypotheses, pairs, learners, barMs }: Swarm, { ids, now, step }: KnownOptions): Known {
  const isOrdinal = (value: unknown) => isBelow(value, learners.size)
  const isBetween = (value: unknown, from: number, until: number) =>
    Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= until
  const latest = () => now() + liveLimits.aheadMs
  return {
    pair: value => pairs.includes(value as string),
    hypothesis: value => isBelow(value, hypotheses.size),
    pattern: value => typeof value === 'string' && isPattern(hypotheses, value),
    learner: value => typeof value === 'string' && isOrdinal(Number(/^PatternLearner-(\d{1,9})$/.exec(value)?.[1])),
    'learner ordinal': isOrdinal,
    agent: value => ids.isKey(value),
    time: value => isBetween(value, 0, latest()),
    'recent time': value => isBetween(value, now() - liveLimits.behindMs, latest()),
    'time ahead': value => isBetween(value, 0, latest() + planAheadMs),
    'bar time': value => isBetween(value, now() - barsBehind * barMs - liveLimits.behindMs, latest()),
    'bar size': value => value === barMs,
    step: value => isBetween(value, 0, Math.min(liveLimits.steps, (step() ?? liveLimits.steps) + stepsAhead)),
  }
}

/** The first field that is not what the topic's shape says, or undefined. */
export function messageProblem(topic: string, message: unknown, known: Known): string | undefined {
  return swarmTopics.problem(topic, message, known)
}

export class MessageCheck {
  readonly counters = { misshapen: 0, contradictory: 0, notItsOwn: 0 }
  private readonly heard = new HeardBefore()

  constructor(
    private readonly ids: AgentIds,
    private readonly known: Known,
  ) {}

  /** Why a message's data is refused; undefined where it is accepted. */
  problem(topic: string, data: unknown): string | undefined {
    const { agent, message } = (data ?? {}) as { agent?: unknown; message?: unknown }
    const speaker = this.ids.find(agent)
    const rule = foreignRule(topic)
    if (speaker === undefined || rule === undefined || !rule.by.includes(speaker.type)) return this.count('notItsOwn', 'agent')
    const said = fromWire(message)
    const misshapen = messageProblem(topic, said, this.known)
    if (misshapen !== undefined) return this.count('misshapen', misshapen)
    if (rule.own !== undefined && !this.isOwn(speaker, said, rule.own)) return this.count('notItsOwn', rule.own)
    const contradiction = rule.contradiction?.(said) ?? this.heard.problem(topic, said)
    return contradiction === undefined ? undefined : this.count('contradictory', contradiction)
  }

  /** The message was accepted. */
  note(topic: string, data: unknown): void {
    this.heard.note(topic, (data as { message: unknown }).message)
  }

  private isOwn(speaker: Speaker, said: unknown, field: string): boolean {
    return this.ids.isKeyOf(speaker, (said as Record<string, unknown>)[field])
  }

  private count(what: keyof MessageCheck['counters'], problem: string): string {
    this.counters[what]++
    return problem
  }
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
