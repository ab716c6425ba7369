/** The figures of the portfolios side by side: the headline ones with interval and count, then all of them. */

import { momentsOf, sampleSd } from '../../trading/index.js'
import { returnsOf } from '../curve/daily.js'
import { type CurveIntervals, curveIntervals, detectableMean, leastDays, shareInterval } from '../curve/intervals.js'
import type { ReportData } from '../data.js'
import { bucketsOf, sample } from '../down-sample.js'
import { metricText, type ShownMetric, shownFigure } from '../figures.js'
import { change, counted, integer, percent } from '../format.js'
import { panel, type ReportPanel, type Section, table, text } from '../panels.js'
import { type Figures, figure, number, type PortfolioSummary, portfolioSummaries, reason, record } from '../summary.js'

/** Points of a small line. */
const sparkPoints = 160

export function portfoliosSection(data: ReportData): Section[] {
  const { trading } = data
  const portfolios = portfolioSummaries(data)
  if (trading === null || portfolios.length === 0) return []
  const sparks = portfolios.map(({ name }) => {
    const line = trading.equity.lines[name] ?? []
    return sample(
      Array.from(line, value => value ?? Number.NaN),
      bucketsOf(line.length, sparkPoints),
    )
  })
  const known = sparks
    .filter((_, i) => portfolios[i]?.name !== 'buy_and_hold')
    .flat()
    .filter(value => value !== null)
  const range = known.length === 0 ? {} : { min: Math.min(...known), max: Math.max(...known) }
  const panels = [
    ...portfolios.map((portfolio, i) => card(portfolio, data, { values: sparks[i] ?? [], range })),
    table('Figures of the portfolios', figureRows(portfolios), { about: '± is half the 95 % interval.' }),
    text('Is it chance?', verdicts(data)),
  ]
  const lead = `${intervalWords} The small lines share one scale of equity.`
  return [{ id: 'portfolios', title: 'Portfolios', lead, panels }]
}

const intervalWords = `In brackets and after ± stand 95 % intervals: of return and drawdown from the days drawn again in blocks of five, of Sharpe and Sortino from whole days, of shares and means from trades taken as independent; below ${leastDays} days there is none of the first.`

const onCards = ['sharpe', 'sortino', 'maxDrawdown', 'trades', 'winRate', 'expectancy', 'expectancyReturn', 'fees'] as const

function card(
  { name, title, about, figures }: PortfolioSummary,
  { manifest, trading }: ReportData,
  { values, range }: { readonly values: readonly (number | null)[]; readonly range: { min?: number; max?: number } },
): ReportPanel {
  const equity = trading?.daily.equity[name]
  const intervals = equity === undefined ? undefined : curveIntervals(returnsOf(equity), manifest.seed)
  const names: readonly ShownMetric[] = ['return', 'equity', ...onCards]
  const shown = Object.fromEntries(names.map(metric => [metricText[metric].label, headline(figures, metric, intervals)]))
  const lines = name === 'buy_and_hold' ? matched(record(manifest.summary.buyAndHoldMatched)) : []
  // Buy and hold moves too far for the scale of the others.
  const spark = name === 'buy_and_hold' ? {} : { spark: values }
  return panel(title, 'text', { lines, figures: shown, ...spark }, { about: `${about}.`, ...range })
}

/** With its interval and what it was counted over. */
function headline(figures: Figures, name: ShownMetric, intervals: CurveIntervals | undefined): string {
  const shown = shownFigure(figures, name)
  const value = figure(figures, name)
  if (value === undefined) return shown
  const between = ([from, to]: readonly [number, number], digits = 1) => `(${percent(from, digits)} … ${percent(to, digits)}`
  const [days, trades] = [figure(figures, 'days'), figure(figures, 'trades')]
  if ((name === 'return' || name === 'maxDrawdown') && intervals !== undefined)
    return `${shown} ${between(name === 'return' ? intervals.return : intervals.maxDrawdown)}, ${counted(intervals.days, 'day')})`
  if (name === 'winRate' && trades !== undefined && trades > 0)
    return `${shown} ${between(shareInterval(value, trades))}, ${counted(trades, 'trade')})`
  const count = name === 'sharpe' || name === 'sortino' ? days : name.startsWith('expectancy') ? trades : undefined
  return count === undefined ? shown : `${shown} (${integer(count)} ${name.startsWith('expectancy') ? 'trades' : 'days'})`
}

/** What buy-and-hold returns with as much daily risk as the baseline. */
function matched({ share, return: gain }: Readonly<Record<string, unknown>>): string[] {
  const [held, returned] = [number(share), number(gain)]
  if (held === undefined || returned === undefined) return []
  return [`${change(percent(returned, 2))} with ${percent(held)} of the capital held, which has the baseline’s daily risk.`]
}

function figureRows(portfolios: readonly PortfolioSummary[]) {
  const names = Object.keys(metricText) as ShownMetric[]
  return names.map(name => ({
    figure: metricText[name].label,
    ...Object.fromEntries(portfolios.map(({ title, figures }) => [title, shownFigure(figures, name)])),
  }))
}

/** Whether the mean trade of each portfolio differs from nothing; where it does not, what would have been seen. */
function verdicts(data: ReportData): string[] {
  return portfolioSummaries(data).flatMap(({ name, title, figures }) => {
    if (name === 'buy_and_hold') return []
    const [mean, half, n] = (['expectancyReturn', 'expectancyReturn95', 'trades'] as const).map(metric => figure(figures, metric))
    if (mean === undefined || n === undefined || half === undefined)
      return [
        `${title}: nothing can be said of its mean trade (${mean === undefined ? reason(figures, 'expectancyReturn') : reason(figures, 'expectancyReturn95')}).`,
      ]
    const says = `${title}: its mean trade of ${change(percent(mean, 3))} ± ${percent(half, 3)} (${counted(n, 'trade')})`
    if (Math.abs(mean) > half) return [`${says} differs from 0 by more than chance.`]
    const own = data.trading?.trades.filter(trade => trade.portfolio === name).map(trade => trade.net) ?? []
    const effect = detectableMean(sampleSd(momentsOf(own)), own.length)
    const seen = Number.isFinite(effect)
      ? ` These trades could have shown a mean of ${percent(effect, 3)} or more, either way, in 80 % of runs; a smaller one is not ruled out.`
      : ''
    return [`${says} does not differ from 0 by more than chance.${seen}`]
  })
}
