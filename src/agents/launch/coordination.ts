/** A rule of an operator: its users together buy at most a share of a token's volume of the last hour, and nothing that one of them has just sold. */

import * as z from 'zod'
import { HOUR_MS, MINUTE_MS, type TimeMs } from '../../core/index.js'
import { defineRule, type Gate, lower } from '../../trading/index.js'

/** What the users of an operator did in one token. */
interface Joint {
  /** Traded by everybody in the last hour, in lamports. */
  volume: number
  /** Bought by the users, with its time. */
  readonly bought: { readonly time: TimeMs; readonly lamports: number }[]
  soldAt: TimeMs | null
}

interface CoordinationState {
  readonly tokens: Record<string, Joint>
}

const code = 'coordination'
/** Between a sale of one user and a purchase of another. */
export const CROSSING_MS = 5 * MINUTE_MS

/** What the operator's users bought of a token within the last hour. */
function boughtSince({ bought }: Joint, time: TimeMs): number {
  let sum = 0
  for (const each of bought) if (each.time > time - HOUR_MS) sum += each.lamports
  return sum
}

/** What may still be bought, in lamports. */
function roomOf(own: CoordinationState, pair: string, time: TimeMs, share: number): number {
  const joint = own.tokens[pair]
  if (joint === undefined || (joint.soldAt !== null && time - joint.soldAt < CROSSING_MS)) return 0
  return share * joint.volume - boughtSince(joint, time)
}

export const coordination = defineRule({
  code,
  limits: {
    coordinationShare: lower(
      z.number().min(0).max(1),
      'share of a token’s volume of the last hour that the users of one operator buy together, at most',
    ),
  },
  unit: 'lamports of the token’s volume',
  boundary: 'exactly the share is allowed; within five minutes of a sale of another user nothing is',
  source: 'rules against coordinated trading and wash sales',
  excess: 'shrink',
  begin: (): CoordinationState => ({ tokens: {} }),
  allows({ pair, time, priceUsd }, _, { coordinationShare = 1 }, own) {
    return Math.max(0, roomOf(own, pair, time, coordinationShare)) / (priceUsd / 100)
  },
  measures: ({ pair, time }, _, __, own) => (own.tokens[pair] === undefined ? 0 : boughtSince(own.tokens[pair], time)),
  bound: (_, { pair }, __, { coordinationShare = 1 }, own) => coordinationShare * (own.tokens[pair]?.volume ?? 0),
  onEntry(own, { pair, time, priceUsd, qtyE8 }) {
    own.tokens[pair]?.bought.push({ time, lamports: Math.ceil((priceUsd / 100) * qtyE8) })
  },
})

/** Tells the rule the volumes of the last hour, and forgets tokens that are not traded any more. */
export function noteVolumes({ own }: Gate, volumes: ReadonlyMap<string, number>, time: TimeMs): void {
  const state = own[code] as CoordinationState | undefined
  if (state === undefined) return
  for (const pair of Object.keys(state.tokens)) if (!volumes.has(pair)) delete state.tokens[pair]
  for (const [pair, volume] of volumes) {
    const known = state.tokens[pair]
    if (known === undefined) state.tokens[pair] = { volume, bought: [], soldAt: null }
    else {
      known.volume = volume
      known.bought.splice(0, known.bought.length, ...known.bought.filter(each => each.time > time - HOUR_MS))
    }
  }
}

/** Tells the rule that one user has sold. */
export function noteSale({ own }: Gate, pair: string, time: TimeMs): void {
  const joint = (own[code] as CoordinationState | undefined)?.tokens[pair]
  if (joint !== undefined) joint.soldAt = time
}

/** Whether another user has just bought: a sale that can wait waits. */
export function hasJustBought({ own }: Gate, pair: string, time: TimeMs): boolean {
  const last = (own[code] as CoordinationState | undefined)?.tokens[pair]?.bought.at(-1)
  return last !== undefined && time - last.time < CROSSING_MS
}
