/**
 * What stands before a decision besides limits: stops of the operator, pauses of tokens that move too fast, the breaker that opens when
 * fetches fail, the blacklist, and the queue of what a reviewer is to look at. All of it is plain data of the trade-agent.
 */

import { MINUTE_MS, math, OperatorError, type TimeMs } from '../../core/index.js'
import { type Phase, phaseOf } from '../../exchange/index.js'
import { launchLimits } from './limits.js'
import type { Review } from './review.js'
import { insidersLeave, type LaunchToken } from './token.js'

/** A stretch in which nothing is entered: of everything, a phase, a token, or the tokens of a creator. */
export interface Stop {
  readonly id: string
  /** `all`, a phase, a token, or a creator. */
  readonly what: string
  readonly by: 'operator' | 'anomaly' | 'errors'
  /** Null: until somebody ends it. */
  readonly until: TimeMs | null
  readonly reason: string
}

export interface Control {
  stops: Stop[]
  /** Tokens and creators that nobody enters. */
  blacklist: string[]
  /** What waits for a reviewer. */
  reviews: Review[]
  /** Tokens that a reviewer let pass, and until when. */
  approved: Record<string, TimeMs>
  /** Of the last fetches: whether they brought nothing. */
  failures: boolean[]
  /** Stops and reviews made so far: their ids. */
  made: number
  /** Reviews for which there was no room. */
  unreviewed: number
}

export function newControl(): Control {
  return { stops: [], blacklist: [], reviews: [], approved: {}, failures: [], made: 0, unreviewed: 0 }
}

/** A pause ends by itself after so long. */
const PAUSE_MS = 30 * MINUTE_MS
/** A price that changes by this factor within a minute is anomalous. */
const ANOMALY = 2
/** The breaker opens when so many of so many fetches bring nothing. */
const [FAILED, OF] = [3, 6] as const

/** Why a token is not entered now, as a code; null: nothing is against it. */
export function stoppedBy({ stops, blacklist }: Control, { pair, creator, curve }: LaunchToken, time: TimeMs): string | null {
  if (blacklist.includes(pair) || blacklist.includes(creator)) return 'blacklisted'
  const names: readonly string[] = ['all', phaseOf(curve), pair, creator]
  const stop = stops.find(({ what, until }) => names.includes(what) && (until === null || time < until))
  return stop === undefined ? null : codes[stop.by]
}

const codes = { operator: 'stopped', anomaly: 'paused', errors: 'breaker' } as const

/** Begins a stop. */
export function stop(control: Control, of: Omit<Stop, 'id'>): Stop {
  // What stops everything always has room.
  if (of.what !== 'all' && control.stops.length >= launchLimits.stops)
    throw new OperatorError({
      what: 'the stops in force',
      expected: `at most ${launchLimits.stops}`,
      got: 'one more',
      next: 'End one of them.',
    })
  const made: Stop = { id: `S${++control.made}`, ...of }
  control.stops.push(made)
  return made
}

/** Ends the stops that are meant, and says how many there were. */
export function endStops(control: Control, isMeant: (stop: Stop) => boolean): number {
  const before = control.stops.length
  control.stops = control.stops.filter(each => !isMeant(each))
  return before - control.stops.length
}

/** Forgets what is over: stops, approvals, reviews of tokens that are not traded any more or that have waited for `waitMs`. */
export function forgetEnded(control: Control, living: ReadonlyMap<string, LaunchToken>, time: TimeMs, waitMs: number): Review[] {
  endStops(control, ({ until }) => until !== null && until <= time)
  for (const [pair, until] of Object.entries(control.approved)) if (until <= time) delete control.approved[pair]
  const over = control.reviews.filter(review => !living.has(review.pair) || review.time + waitMs <= time)
  control.reviews = control.reviews.filter(review => !over.includes(review))
  return over
}

/** Puts something into the queue, once for each token and kind; undefined where it waits already, or there is no room. */
export function askReviewer(control: Control, of: Omit<Review, 'id'>): Review | undefined {
  const { reviews } = control
  if (reviews.some(({ pair, kind }) => pair === of.pair && kind === of.kind)) return undefined
  if (reviews.length >= launchLimits.reviews) {
    control.unreviewed++
    return undefined
  }
  const review: Review = { id: `R${++control.made}`, ...of }
  reviews.push(review)
  return review
}

/** Takes the answer of a reviewer: who approves lets the token pass until then, and ends its pause. */
export function answerReview(control: Control, id: string, approves: boolean, until: TimeMs): Review {
  const review = control.reviews.find(each => each.id === id)
  if (review === undefined)
    throw new OperatorError({
      what: `the review "${id}"`,
      expected: control.reviews.length === 0 ? 'nothing: the queue is empty' : control.reviews.map(each => each.id).join(', '),
      got: id,
    })
  control.reviews = control.reviews.filter(each => each !== review)
  if (approves && review.kind === 'lowConfidence') control.approved[review.pair] = until
  if (approves) endStops(control, ({ what, by }) => by === 'anomaly' && what === review.pair)
  return review
}

/** Notes how a fetch went; true where the breaker opens by it. It closes by the first fetch after which too few have failed. */
export function noteFetch(control: Control, failed: boolean): boolean {
  control.failures = [...control.failures, failed].slice(-OF)
  const isBad = control.failures.filter(Boolean).length >= FAILED
  const isOpen = control.stops.some(({ by }) => by === 'errors')
  if (!isBad) endStops(control, ({ by }) => by === 'errors')
  if (!isBad || isOpen) return false
  stop(control, { what: 'all', by: 'errors', until: null, reason: `${FAILED} of the last ${OF} fetches brought nothing` })
  return true
}

/** Pauses a token that moves too fast, or that insiders have left; true where it was not paused before. */
export function pauseIfAnomalous(control: Control, token: LaunchToken, time: TimeMs): boolean {
  const reason = anomalyOf(token, time)
  if (
    reason === null ||
    control.stops.some(({ what, by, until }) => by === 'anomaly' && what === token.pair && (until === null || until > time))
  )
    return false
  if (control.stops.length >= launchLimits.stops) return false
  stop(control, { what: token.pair, by: 'anomaly', until: time + PAUSE_MS, reason })
  return true
}

/** The first minutes of a launch are never calm, and so are judged from then on. */
const CALM_AFTER = 5

function anomalyOf(token: LaunchToken, time: TimeMs): string | null {
  if (insidersLeave(token, time - PAUSE_MS)) return 'insiders have left'
  const [before, last] = [token.minutes.at(-3)?.close, token.minutes.at(-2)?.close]
  if (token.ageMin < CALM_AFTER || before === undefined || last === undefined) return null
  return Math.abs(math.log(last / before)) > math.log(ANOMALY)
    ? `its price changed by a factor of ${ANOMALY} within a minute`
    : null
}

/** Whether a name can be stopped or listed: a phase, `all`, a token or a creator that there is. */
export function isKnownName(name: string, tokens: ReadonlyMap<string, unknown>, owners: ReadonlyMap<string, unknown>): boolean {
  const words: readonly (Phase | 'all')[] = ['all', 'early', 'mid', 'late', 'graduated']
  return (words as readonly string[]).includes(name) || tokens.has(name) || owners.has(name)
}
