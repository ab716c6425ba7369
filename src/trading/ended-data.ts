/** Pairs whose data has ended: until when a position is marked at an old close, and at which price it is then closed. */

import { DAY_MS, type TimeMs } from '../core/index.js'
import { barsAfter } from '../exchange/index.js'
import type { StepTime } from './decision.js'
import { closePosition, quoteAt } from './execution.js'
import type { InstrumentState, Portfolio, PortfolioEvents, Position } from './portfolio.js'
import type { BrokerSettings } from './settings.js'

/** The instant by which so many bars more would have ended, had there been any; `from`: the end of the last one. */
function dueBy({ rules, barTime, barMs }: InstrumentState, bars: number, from = barTime + barMs): TimeMs {
  return barsAfter(rules, from, bars, barMs)
}

/** Until when bars of a pair may have been missed; beyond every time where it may be missing some now. */
export type UnseenUntil = (pair: string) => TimeMs

const sawAll: UnseenUntil = () => Number.NEGATIVE_INFINITY

/** Positions whose mark is a bar old or older at the end of a step: the pair had no existing bar. */
export function staleMarks(portfolio: Portfolio, time: TimeMs): number {
  let stale = 0
  for (const instrument of portfolio.held) if (time >= dueBy(instrument, 1)) stale++
  return stale
}

/**
 * Closes the positions of pairs that have been silent for both `dataEndedBars` and `dataEndedDays`: at the last close, less
 * `dataEndedLoss` against the position, since what is delisted or lost is rarely worth its last price. Silence counts while the
 * pair is watched: in a simulation always, in a live run as `unseenUntil` says.
 */
export function closeEndedPairs(portfolio: Portfolio, now: StepTime, events: PortfolioEvents, unseenUntil = sawAll): void {
  // Backwards, because a closed position leaves the list.
  for (let i = portfolio.held.length - 1; i >= 0; i--) {
    const instrument = portfolio.held[i] as InstrumentState
    if (instrument.position === null || now.time < endedAt(instrument, portfolio.settings, unseenUntil)) continue
    const priceUsd = lastPrice(instrument, instrument.position, portfolio.settings.dataEndedLoss)
    closePosition({ portfolio, instrument, events }, instrument.position, 'data-ended', quoteAt(instrument, priceUsd, now.time))
  }
}

/** The later of so many bars and so many days after the last bar. A market that closes counts its own bars alone: it has nights. */
function endedAt(
  instrument: InstrumentState,
  { dataEndedBars, dataEndedDays }: BrokerSettings,
  unseenUntil: UnseenUntil,
): TimeMs {
  const { pair, barTime, barMs, rules } = instrument
  const silentFrom = Math.max(barTime + barMs, unseenUntil(pair))
  if (silentFrom === Number.POSITIVE_INFINITY) return silentFrom
  const bars = dueBy(instrument, dataEndedBars, silentFrom)
  return rules.session === undefined ? Math.max(bars, silentFrom + dataEndedDays * DAY_MS) : bars
}

/** A long that loses everything still sells at a price above 0. */
function lastPrice({ knownUsd }: InstrumentState, { signal }: Position, loss: number): number {
  return knownUsd * Math.max(1e-6, 1 - signal.direction * loss)
}
