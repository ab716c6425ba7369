/** Delivers bars, market trades and steps to a portfolio and its broker. A portfolio never knows more than a trader could. */

import type { TimeMs, UsdE6 } from '../core/index.js'
import { openQuote, paperBroker, type Quote, tradeQuote } from '../exchange/index.js'
import { type Bar, BarFlag, type MarketTrade } from '../market/index.js'
import { interestOn } from './cash-interest.js'
import type { StepTime } from './decision.js'
import { staleMarks } from './ended-data.js'
import { closePosition, fillWaiting, quoteAt } from './execution.js'
import { reachedLevel } from './levels.js'
import { finishEquity, sampleEquity } from './performance.js'
import {
  equityE6,
  grossE6,
  type InstrumentState,
  isHalted,
  markInstrument,
  type Portfolio,
  type PortfolioEvents,
  type Position,
} from './portfolio.js'
import { PortfolioClearing } from './portfolio-clearing.js'
import { cancelEntry } from './portfolio-orders.js'
import { borrowSince, type ExecutionContext, wholeBars } from './settlement.js'

/**
 * Delivers one closed bar. With `fillOn: 'bars'` orders fill at its open, then stops and targets are checked inside it; on ticks a bar
 * fills nothing. Then its close is the mark.
 */
export function portfolioOnBar(portfolio: Portfolio, bar: Bar, events: PortfolioEvents): void {
  const instrument = portfolio.instruments.get(bar.pair)
  if (instrument === undefined) return
  if ((bar.flags & BarFlag.filled) !== 0) {
    // A filled bar is for display only, but silence and doubt hold entries back until the next existing bar.
    instrument.flags |= bar.flags & (BarFlag.stale | BarFlag.outlier)
    return
  }
  if (bar.time <= instrument.barTime) {
    if (bar.time === instrument.barTime && bar.close > 0) markInstrument(instrument, bar.close)
    portfolio.oddBars++
    return
  }
  if (!(bar.open > 0 && bar.low > 0 && bar.close > 0 && bar.high < Number.POSITIVE_INFINITY)) {
    portfolio.oddBars++
    markInstrument(instrument, Number.NaN)
    return
  }
  if ((bar.flags & BarFlag.unwatched) !== 0) leaveLater(instrument, bar)
  else if (portfolio.settings.fillOn === 'bars') fillInside({ portfolio, instrument, events }, bar)
  instrument.barTime = bar.time
  instrument.barMs = bar.barMs
  instrument.flags = bar.flags
  markInstrument(instrument, bar.close)
}

function fillInside(context: ExecutionContext, bar: Bar): void {
  const { instrument } = context
  if (waits(instrument)) fillWaiting(context, openQuote(bar))
  const { position } = instrument
  if (position !== null && position.entryTime <= bar.time) checkStops(context, position, bar)
}

/** Delivers a bar of the past that nobody watched: it fills and marks nothing. */
export function portfolioOnMissedBar({ instruments }: Portfolio, bar: Bar): void {
  const instrument = instruments.get(bar.pair)
  if (instrument !== undefined) leaveLater(instrument, bar)
}

/** Nobody could have traded in a bar that nobody watched: what was reached in it is left at the next price that somebody sees. */
function leaveLater({ position }: InstrumentState, { time, low, high }: Bar): void {
  if (position !== null && position.entryTime <= time) position.leaving ??= reachedLevel(position, low, high)
}

function waits({ entry, position }: InstrumentState): boolean {
  return entry !== null || position !== null
}

/** Delivers one trade of the market: with `fillOn: 'ticks'` the first at or after decision + latency fills, and stops are watched. */
export function portfolioOnMarketTrade(portfolio: Portfolio, trade: MarketTrade, events: PortfolioEvents): void {
  const instrument = tradedIn(portfolio, trade)
  if (instrument === undefined) return
  const context = { portfolio, instrument, events }
  const quote: Quote = tradeQuote(trade, portfolio.settings.latencyMs)
  if (waits(instrument)) fillWaiting(context, quote)
  const { position } = instrument
  if (position === null || position.entryTime >= trade.time) return
  const reason = reachedLevel(position, trade.price, trade.price)
  if (reason !== null) closePosition(context, position, reason, quote)
}

/**
 * Delivers a trade that the pair's guard does not believe yet: the position that an operator closes leaves at it, if the trade is late
 * enough for his order. It fills and reaches nothing else.
 */
export function portfolioOnDoubtedTrade(portfolio: Portfolio, trade: MarketTrade, events: PortfolioEvents): void {
  const instrument = tradedIn(portfolio, trade)
  if (instrument?.position?.leaving !== 'operator') return
  const quote = tradeQuote(trade, portfolio.settings.latencyMs)
  if (instrument.exit !== null && instrument.exit.submittedAt > quote.reachedBy) return
  closePosition({ portfolio, instrument, events }, instrument.position, 'operator', quote)
}

/** The instrument of a trade at which orders may fill; undefined where none may. */
function tradedIn({ instruments, settings }: Portfolio, { pair, price }: MarketTrade): InstrumentState | undefined {
  return settings.fillOn === 'ticks' && price > 0 && price < Number.POSITIVE_INFINITY ? instruments.get(pair) : undefined
}

/** A gap through a level fills at the open. Where both levels lie inside one bar, the stop comes first. */
function checkStops(context: ExecutionContext, position: Position, bar: Bar): void {
  const gap = position.entryTime < bar.time ? reachedLevel(position, bar.open, bar.open) : null
  if (gap !== null) return closePosition(context, position, gap, openQuote(bar))
  const reason = reachedLevel(position, bar.low, bar.high)
  if (reason === null) return
  const priceUsd = reason === 'stop' ? position.stopUsd : position.targetUsd
  closePosition(context, position, reason, quoteAt(context.instrument, priceUsd, bar.time + bar.barMs))
}

/** Ends a bar: cancels late entries, ages positions, records equity. O(positions + orders). */
export function portfolioOnStep(portfolio: Portfolio, now: StepTime): void {
  if (portfolio.entries.size > 0) expireEntries(portfolio, now.time)
  for (const instrument of portfolio.held)
    if (instrument.position !== null) age(portfolio, instrument, instrument.position, now.time)
  const gross = grossE6(portfolio)
  earnInterest(portfolio, gross, now.time)
  const equity = equityE6(portfolio)
  const halted = isHalted(portfolio)
  portfolio.stepLimitE6 = Number.isNaN(equity) ? 0 : Math.max(0, Math.floor(equity * portfolio.settings.grossLimit))
  portfolio.stepGrossE6 = Number.isNaN(gross) ? 0 : gross
  portfolio.filledSinceStepE6 = 0
  sampleEquity(portfolio.performance, {
    time: now.time,
    equityE6: equity,
    grossE6: gross,
    halted,
    stale: staleMarks(portfolio, now.time) > 0,
  })
}

/** Adds the interest of the bar that ends, on what was neither in positions nor owed for shorts. */
function earnInterest(portfolio: Portfolio, gross: UsdE6, time: TimeMs): void {
  const { performance, settings } = portfolio
  const idle = equityE6(portfolio) - gross
  portfolio.interestE6 += Math.round(interestOn(idle, settings.cashRatePerYear, performance.lastTime, time))
}

function expireEntries(portfolio: Portfolio, time: TimeMs): void {
  paperBroker.advance(portfolio.broker, { kind: 'time', time }, new PortfolioClearing(portfolio, noEvents))
}

/** The passing of time fills nothing. */
const noEvents: PortfolioEvents = { fill: () => undefined, trade: () => undefined }

function age(portfolio: Portfolio, instrument: InstrumentState, position: Position, time: TimeMs): void {
  position.barsHeld = wholeBars(instrument, position, time)
  position.borrowE6 = borrowSince(portfolio, position, time)
}

/** Ends the data: cancels waiting entries and closes every position at its pair's last known close. */
export function closePortfolio(portfolio: Portfolio, now: StepTime, events: PortfolioEvents): void {
  for (const instrument of portfolio.instruments.values()) {
    cancelEntry(portfolio, instrument, 'closed', now.time)
    if (instrument.position === null) continue
    const priceUsd = Number.isNaN(instrument.knownUsd) ? instrument.position.entryPriceUsd : instrument.knownUsd
    const quote = quoteAt(instrument, priceUsd, now.time)
    closePosition({ portfolio, instrument, events }, instrument.position, 'end', quote)
  }
  finishEquity(portfolio.performance, equityE6(portfolio))
}
