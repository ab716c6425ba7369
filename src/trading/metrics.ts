/** The figures of a portfolio, or of buy-and-hold, from its running record. What is undefined is null, with a reason. */

import { DAY_MS, fromUsdE6, HOUR_MS, math } from '../core/index.js'
import { DAYS_A_YEAR, sessionCalendar } from '../market/index.js'
import { LEAST_FOR_INTERVAL, meanInterval, sharpeInterval } from './intervals.js'
import { type Performance, type RunningMoments, sampleSd, wholeDays } from './performance.js'
import { expiredCount, ignoredCount, type Portfolio } from './portfolio.js'

/** The metrics of a portfolio, in the order of reports. */
export const metricNames = [
  'return',
  'cagr',
  'sharpe',
  'sortino',
  'calmar',
  'maxDrawdown',
  'maxDrawdownBars',
  'maxDrawdownHours',
  'winRate',
  'profitFactor',
  'expectancy',
  'expectancyReturn',
  'sqn',
  'exposure',
  'turnover',
  'fees',
  'slippage',
  'borrow',
  'interest',
  'trades',
  'ideas',
  'ignored',
  'expired',
  'extended',
  'collisions',
  'barsHalted',
  'barsStale',
  'equity',
  'days',
  'sharpe95',
  'sortino95',
  'expectancy95',
  'expectancyReturn95',
] as const
/**
 * Fractions of 1: return, cagr, maxDrawdown, winRate, exposure (mean Σ|position| ÷ equity). USD: expectancy (mean P&L of a
 * trade), fees, slippage, borrow, interest, equity. Counts: expired (ideas whose time was over by the fill), extended (horizons renewed).
 * Multiples: turnover (Σ both sides' notional ÷ mean equity). expectancyReturn: mean P&L ÷ entry notional. days: whole days behind
 * Sharpe and Sortino. …95: half the 95 % interval of the figure of that name (Sharpe: Lo 2002, of independent days; Sortino: of its
 * mean, the downside taken as known; means of trades: Student). Annual figures use a year of 365 days; of markets that close, the days
 * they are open in a year (252).
 */
export type MetricName = (typeof metricNames)[number]

/** The metrics of a portfolio by name, and why one is undefined. */
export interface Metrics {
  readonly values: Readonly<Record<MetricName, number | null>>
  /** Why a value is null. */
  readonly reasons: Readonly<Partial<Record<MetricName, string>>>
}

/** Annual figures from fewer whole UTC days would be noise. */
export const MIN_WHOLE_DAYS = 30

interface Draft {
  values: Record<MetricName, number | null>
  reasons: Partial<Record<MetricName, string>>
}

/** A value, or the reason why it is undefined. */
type Figure = number | string

function set(draft: Draft, name: MetricName, figure: Figure): void {
  if (typeof figure === 'number' && Number.isFinite(figure)) draft.values[name] = figure
  else draft.reasons[name] = typeof figure === 'string' ? figure : 'not computable'
}

function emptyDraft(): Draft {
  return { values: Object.fromEntries(metricNames.map(n => [n, null])) as Draft['values'], reasons: {} }
}

/** The metrics of a portfolio. */
export function portfolioMetrics(portfolio: Portfolio): Metrics {
  const draft = emptyDraft()
  curveFigures(draft, portfolio.performance)
  tradeFigures(draft, portfolio.performance)
  const { values } = draft
  values.fees = fromUsdE6(portfolio.feesE6)
  values.slippage = fromUsdE6(portfolio.slippageE6)
  values.borrow = fromUsdE6(portfolio.borrowE6)
  values.interest = fromUsdE6(portfolio.interestE6)
  values.ideas = portfolio.signals
  values.ignored = ignoredCount(portfolio)
  values.expired = expiredCount(portfolio)
  values.extended = portfolio.extended
  values.collisions = portfolio.collisions
  values.barsHalted = portfolio.performance.barsHalted
  values.barsStale = portfolio.performance.barsStale
  return draft
}

/** The metrics of a bare equity curve, such as buy-and-hold: those of trades are null. */
export function curveMetrics(
  performance: Performance,
  money: { feesUsd: number; slippageUsd: number; interestUsd: number },
): Metrics {
  const draft = emptyDraft()
  curveFigures(draft, performance)
  draft.values.fees = money.feesUsd
  draft.values.slippage = money.slippageUsd
  draft.values.interest = money.interestUsd
  for (const name of metricNames) {
    if (draft.values[name] === null && draft.reasons[name] === undefined) draft.reasons[name] = 'not defined for buy-and-hold'
  }
  return draft
}

const annual = ['cagr', 'sharpe', 'sortino', 'calmar', 'sharpe95', 'sortino95'] as const
const unknownBeforeBars = ['return', 'maxDrawdown', 'exposure', 'turnover', 'days', ...annual] as const
const ofTrades = [
  'winRate',
  'profitFactor',
  'expectancy',
  'expectancyReturn',
  'sqn',
  'expectancy95',
  'expectancyReturn95',
] as const

function curveFigures(draft: Draft, p: Performance): void {
  if (p.bars === 0) {
    for (const name of unknownBeforeBars) set(draft, name, 'no bar yet')
    set(draft, 'equity', fromUsdE6(p.startE6))
  } else {
    set(draft, 'return', p.lastE6 / p.startE6 - 1)
    set(draft, 'maxDrawdown', p.maxDrawdown)
    set(draft, 'exposure', p.grossShareSum / p.bars)
    set(draft, 'turnover', p.equitySumUsd > 0 ? (p.tradedUsd * p.bars) / p.equitySumUsd : 'no equity')
    set(draft, 'equity', fromUsdE6(p.lastE6))
    annualFigures(draft, p)
  }
  set(draft, 'maxDrawdownBars', p.underBars)
  set(draft, 'maxDrawdownHours', p.underMs / HOUR_MS)
}

function annualFigures(draft: Draft, p: Performance): void {
  const { daily, downside } = wholeDays(p)
  set(draft, 'days', daily.n)
  if (daily.n < MIN_WHOLE_DAYS) {
    const why = `needs ${MIN_WHOLE_DAYS} whole ${p.session === undefined ? 'UTC ' : ''}days, has ${daily.n}`
    for (const name of annual) set(draft, name, why)
    return
  }
  const sd = sampleSd(daily)
  const down = Math.sqrt(downside / daily.n)
  const root = Math.sqrt(p.session === undefined ? DAYS_A_YEAR : sessionCalendar(p.session).daysAYear)
  if (Number.isNaN(daily.mean)) {
    for (const name of ['sharpe', 'sortino', 'sharpe95', 'sortino95'] as const) set(draft, name, 'equity fell to 0 or below')
  } else {
    const varies = sd > returnResolution(p)
    set(
      draft,
      'sharpe',
      varies ? (daily.mean / sd) * root : daily.mean === 0 ? 'daily equity never changed' : 'every day returned the same',
    )
    set(draft, 'sortino', down > 0 ? (daily.mean / down) * root : 'no day with a loss')
    set(draft, 'sharpe95', varies ? sharpeInterval(daily.mean / sd, daily.n) * root : 'no Sharpe')
    set(draft, 'sortino95', down > 0 ? (meanInterval(sd, daily.n) / down) * root : 'no Sortino')
  }
  const years = (p.lastTime - p.startTime) / (DAYS_A_YEAR * DAY_MS)
  const cagr = p.lastE6 > 0 ? math.pow(p.lastE6 / p.startE6, 1 / years) - 1 : 'equity is not positive'
  set(draft, 'cagr', cagr)
  set(draft, 'calmar', typeof cagr === 'string' ? cagr : p.maxDrawdown > 0 ? cagr / p.maxDrawdown : 'no drawdown')
}

/** What rounding equity to millionths can do to a daily return: a spread below it says nothing. */
function returnResolution({ startE6, lastE6 }: Performance): number {
  return 1 / Math.max(1, Math.min(startE6, lastE6))
}

function tradeFigures(draft: Draft, p: Performance): void {
  const { n, mean } = p.returns
  draft.values.trades = n
  if (n === 0) {
    for (const name of ofTrades) set(draft, name, 'no finished trade')
    return
  }
  set(draft, 'winRate', p.wins / n)
  set(draft, 'profitFactor', p.lostE6 > 0 ? p.wonE6 / p.lostE6 : 'no losing trade')
  set(draft, 'expectancy', fromUsdE6(p.pnlSumE6) / n)
  set(draft, 'expectancyReturn', mean)
  set(draft, 'expectancy95', tradeInterval(p.pnls))
  set(draft, 'expectancyReturn95', tradeInterval(p.returns))
  const sd = sampleSd(p.returns)
  set(draft, 'sqn', sd > 0 ? (Math.sqrt(n) * mean) / sd : n < 2 ? 'needs 2 finished trades' : 'every trade returned the same')
}

function tradeInterval(moments: RunningMoments): Figure {
  return moments.n < LEAST_FOR_INTERVAL
    ? `needs ${LEAST_FOR_INTERVAL} finished trades`
    : meanInterval(sampleSd(moments), moments.n)
}
