/** A rule for an exchange that lends nothing: a falling signal closes what is held and keeps the portfolio out, and sells nothing short. */

import type { TimeMs } from '../../core/index.js'
import { defineRule, type Gate } from '../../trading/index.js'

interface SpotState {
  /** Until when nothing is bought, by pair: the last instant of a falling signal. */
  readonly outUntil: Record<string, TimeMs>
}

const code = 'spotOnly'

/** Keeps a portfolio out of a pair. A falling signal that meets a position closes it and asks no rule for that, so its trader says it. */
export function keepOut({ own }: Gate, pair: string, until: TimeMs): void {
  const state = own[code] as SpotState | undefined
  if (state !== undefined) keep(state, pair, until)
}

function keep({ outUntil }: SpotState, pair: string, until: TimeMs): void {
  outUntil[pair] = Math.max(until, outUntil[pair] ?? until)
}

export const spotOnly = defineRule({
  code,
  limits: {},
  unit: 'direction',
  boundary: 'at the last instant of a falling signal nothing is bought; 1 ms later it may be',
  source: 'spot exchanges, which lend nothing to sell',
  begin: (): SpotState => ({ outUntil: {} }),
  allows: ({ direction, pair, time }, _account, _limits, own) =>
    direction === -1 || time <= (own.outUntil[pair] ?? Number.NEGATIVE_INFINITY) ? 0 : Number.POSITIVE_INFINITY,
  onRefused(own, { direction, pair, expiresAt }) {
    if (direction === -1) keep(own, pair, expiresAt)
  },
})
