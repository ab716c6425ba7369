/** Pairs whose data has ended: until when a position is marked at an old close, and at which price it is then closed. */

import { DAY_MS, type TimeMs } from '../core/index.js'
import { barsAfter } from '../exchange/index.js'
import type { StepTime } from './decision.js'
import { closePosition, quoteAt } from './execution.js'
import type { InstrumentState, Portfolio, PortfolioEvents, Position } from './portfolio.js'
import type { BrokerSettings } from './settings.js'

/** The instant by which so many bars more would have ended, had there been any. */
function dueBy({ rules, barTime, barMs }: InstrumentState, bars: number): TimeMs {
  return barsAfter(rules, barTime + barMs, bars, barMs)
}

/** Positions whose mark is a bar old or older at the end of a step: the pair had no existing bar. */
export function staleMarks(portfolio: Portfolio, time: TimeMs): number {
  let stale = 0
  for (const instrument of portfolio.held) if (time >= dueBy(instrument, 1)) stale++
  return stale
}

/**
 * Closes the positions of pairs that have been silent for both `dataEndedBars` and `dataEndedDays`: at the last close, less
 * `dataEndedLoss` against the position, since what is delisted or lost is rarely worth its last price.
 */
export function closeEndedPairs(portfolio: Portfolio, now: StepTime, events: PortfolioEvents): void {
  // Backwards, because a closed position leaves the list.
  for (let i = portfolio.held.length - 1; i >= 0; i--) {
    const instrument = portfolio.held[i] as InstrumentState
    if (instrument.position === null || now.time < endedAt(instrument, portfolio.settings)) continue
    const priceUsd = lastPrice(instrument, instrument.position, portfolio.settings.dataEndedLoss)
    closePosition({ portfolio, instrument, events }, instrument.position, 'data-ended', quoteAt(instrument, priceUsd, now.time))
  }
}

/** The later of so many bars and so many days after the last bar. A market that closes counts its own bars alone: it has nights. */
function endedAt(instrument: InstrumentState, { dataEndedBars, dataEndedDays }: BrokerSettings): TimeMs {
  const bars = dueBy(instrument, dataEndedBars)
  const { barTime, barMs, rules } = instrument
  return rules.session === undefined ? Math.max(bars, barTime + barMs + dataEndedDays * DAY_MS) : bars
}

/** A long that loses everything still sells at a price above 0. */
function lastPrice({ knownUsd }: InstrumentState, { signal }: Position, loss: number): number {
  return knownUsd * Math.max(1e-6, 1 - signal.direction * loss)
}
