/** Pairs whose data has ended: until when a position is marked at an old close, and at which price it is then closed. */

import { DAY_MS, type TimeMs } from '../core/index.js'
import type { StepTime } from './decision.js'
import { closePosition } from './execution.js'
import type { InstrumentState, Portfolio, PortfolioEvents, Position } from './portfolio.js'

/** How long an instrument has had no existing bar at `time`, ms. */
function silenceMs({ barTime, barMs }: InstrumentState, time: TimeMs): number {
  return time - barTime - barMs
}

/** Positions whose mark is a bar old or older at the end of a step: the pair had no existing bar. */
export function staleMarks(portfolio: Portfolio, time: TimeMs): number {
  let stale = 0
  for (const instrument of portfolio.held) if (silenceMs(instrument, time) >= instrument.barMs) stale++
  return stale
}

/**
 * Closes the positions of pairs that have been silent for both `dataEndedBars` and `dataEndedDays`: at the last close, less
 * `dataEndedLoss` against the position, since what is delisted or lost is rarely worth its last price. Calls `ended` for each.
 */
export function closeEndedPairs(
  portfolio: Portfolio,
  now: StepTime,
  events: PortfolioEvents,
  ended: (pair: string, lastBarEnd: TimeMs) => void,
): void {
  const { dataEndedBars, dataEndedDays } = portfolio.settings
  // Backwards, because a closed position leaves the list.
  for (let i = portfolio.held.length - 1; i >= 0; i--) {
    const instrument = portfolio.held[i] as InstrumentState
    const limitMs = Math.max(dataEndedBars * instrument.barMs, dataEndedDays * DAY_MS)
    if (instrument.position === null || silenceMs(instrument, now.time) < limitMs) continue
    const priceUsd = lastPrice(instrument, instrument.position, portfolio.settings.dataEndedLoss)
    closePosition({ portfolio, instrument, events }, instrument.position, 'data-ended', { priceUsd, time: now.time })
    ended(instrument.pair, instrument.barTime + instrument.barMs)
  }
}

/** A long that loses everything still sells at a price above 0. */
function lastPrice({ knownUsd }: InstrumentState, { signal }: Position, loss: number): number {
  return knownUsd * Math.max(1e-6, 1 - signal.direction * loss)
}
