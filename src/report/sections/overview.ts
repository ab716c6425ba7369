/** The top of the page: the run, its result in one sentence, and the figures of the portfolios side by side. */

import type { MetricName, Truth } from '../../trading/index.js'
import type { ApprovedPattern, ReportData } from '../data.js'
import { barName, change, counted, day, decimal, duration, instant, integer, percent, usd } from '../format.js'
import { type Html, html } from '../html.js'
import { sparkline, table, tag, undefinedValue } from '../parts.js'
import { type Figures, figure, number, type PortfolioSummary, portfolioSummaries, reason, record } from '../summary.js'

export function overview(data: ReportData): Html {
  const { manifest } = data
  return html`<header id="top">
<p class="eyebrow">Mycelia · ${manifest.verb} report</p>
<h1>${manifest.scenario} ${manifest.status !== 'finished' && tag('warn', statusOf(data))}</h1>
<p class="story">${story(data)}</p>
${asOf(data)}${ending(data)}
<dl class="facts">
${facts(data).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
${portfolios(data)}
</header>
`
}

function facts({ manifest, underWay }: ReportData): (readonly [string, Html | string])[] {
  const { summary, digest } = manifest
  const speed = number(summary.stepsPerSecond)
  return [
    ['seed', String(manifest.seed)],
    ['steps', integer(underWay?.step ?? manifest.steps)],
    ['took', `${duration(manifest.wallTimeMs)}${speed === undefined ? '' : ` · ${integer(speed)} steps/s`}`],
    ['started', instant(manifest.startedAt)],
    [
      'digest',
      digest === null
        ? undefinedValue(`the run is ${manifest.status}`)
        : html`<code title="${digest}">${digest.slice(0, 16)}…</code>`,
    ],
  ]
}

/** A run that no process runs any more, and that did not come to its end, was broken off. */
function statusOf({ manifest, underWay }: ReportData): string {
  return underWay?.isAlive === false ? 'broken off' : manifest.status
}

/** Of a run that has not ended: up to when the page tells it. */
function asOf({ underWay, period }: ReportData): Html {
  if (underWay === null) return html``
  const when = period === null ? '' : `${instant(new Date(period.to).toISOString())}, `
  const how = underWay.isAlive ? 'Running' : 'Broken off'
  return html`<p class="ended">${how}, as of ${when}step ${integer(underWay.step)}. What came later is not on this page.</p>`
}

/** Why the run ended; of one that ended early, the error and what to do now. */
function ending({ manifest: { ended, error } }: ReportData): Html {
  if (error === undefined) return ended === undefined ? html`` : html`<p class="ended">It ended because ${because(ended)}.</p>`
  const calls = error.calls ?? []
  return html`<div class="failure" role="alert">
<h2>It ended early, in step ${integer(error.step)}</h2>
<p><code>${error.message}</code></p>
${calls.length > 1 && html`<pre>${calls.join('\n')}</pre>`}
<p>Everything up to step ${integer(error.kept)} is kept. ${error.next}</p>
</div>`
}

function because({ by, why }: NonNullable<ReportData['manifest']['ended']>): string {
  if (by === 'steps' || by === 'time') return why
  if (by === 'data') return 'the data ended'
  if (by === 'error') return `something failed: ${why.replace(/\.$/, '')}`
  return by === 'model' ? `the model stopped: ${why}` : `it was ${why}`
}

/** The result in one to three sentences. */
function story(data: ReportData): string {
  const { manifest } = data
  if (data.trading === null) return `${agentsWord(data)} went through ${counted(manifest.steps, 'step')}.`
  return [happened(data), discovered(data), earned(data)].filter(sentence => sentence !== '').join(' ')
}

function agentsWord({ manifest }: ReportData): string {
  const agents = record(manifest.summary.agents)
  const total = Object.values(record(agents.byType)).reduce<number>((sum, n) => sum + (number(n) ?? 0), 0)
  const core = number(agents.core) ?? 0
  if (core > 0) return `${integer(core)} agents and their support`
  return total > 0 ? counted(total, 'agent') : 'The model'
}

function happened({ manifest, period, trading, ...rest }: ReportData): string {
  const bar = number(manifest.parameters.barMs)
  const tradable = number(record(manifest.summary.tradable).bars) ?? rest.underWay?.step ?? manifest.steps
  const bars = `${integer(tradable)} ${bar === undefined ? '' : `${barName(bar)} `}bars`
  const before = tradable < manifest.steps ? `, after ${integer(manifest.steps - tradable)} before trading could begin` : ''
  const pairs = trading === null || trading.prices.total === 0 ? '' : ` of ${counted(trading.prices.total, 'pair')}`
  const when = period === null ? '' : `, ${day(period.from)} to ${day(period.to)}`
  return `${agentsWord({ manifest, period, trading, ...rest })} traded ${bars}${pairs} of ${marketName(manifest)}${when}${before}.`
    .replace(' pairs of ', ' pairs in ')
    .replace(' pair of ', ' pair in ')
}

function marketName({ verb, market }: ReportData['manifest']): string {
  if (verb === 'live') return 'a live market'
  return record(market).kind === 'synthetic' ? 'a synthetic market' : 'recorded candles'
}

function discovered({ manifest, patterns }: ReportData): string {
  const approved = number(record(manifest.summary.patterns).approved) ?? patterns?.approved.length
  if (approved === undefined) return ''
  if (approved === 0) return 'They approved no pattern.'
  const found = patterns?.planted?.filter(cause => cause.foundAt !== null).length
  const planted = patterns?.planted?.length ?? 0
  const truth = planted === 0 ? '' : `, ${found} of the ${planted} planted causes among them`
  return `They approved ${counted(approved, 'pattern')}${truth}; ${mistakes(patterns?.approved ?? [])}.`
}

function mistakes(approved: readonly ApprovedPattern[]): string {
  const of = (truth: Truth) => approved.filter(pattern => pattern.truth === truth).length
  const [noise, stray] = [of('placebo'), of('not planted')]
  const heard = noise === 0 ? 'none is a false discovery' : counted(noise, 'is a false discovery', 'are false discoveries')
  return `${heard} in placebo noise${stray === 0 ? '' : `, but ${counted(stray, 'has', 'have')} no planted cause`}`
}

function earned(data: ReportData): string {
  const said = portfolioSummaries(data).flatMap(({ name, title, figures }) => {
    const value = figure(figures, 'return')
    return value === undefined || name === 'buy_and_hold' ? [] : [`${title.toLowerCase()} ${change(percent(value))}`]
  })
  return said.length === 0 ? '' : `After costs the portfolios returned: ${said.join(', ')}.`
}

function portfolios(data: ReportData): Html {
  const portfolioTitles = portfolioSummaries(data)
  if (portfolioTitles.length === 0) return html``
  return html`<div class="cards">
${portfolioTitles.map(portfolio => card(portfolio, data))}</div>
<p class="note">± is half the 95 % interval.</p>
<details class="all-figures"><summary>All figures</summary>
${everyFigure(portfolioTitles)}
</details>`
}

const onCards = ['sharpe', 'sortino', 'maxDrawdown', 'trades', 'winRate', 'expectancy', 'expectancyReturn', 'fees'] as const

function card({ name, title, about, figures }: PortfolioSummary, { manifest, trading }: ReportData): Html {
  const line = trading?.equity.lines[name] ?? []
  return html`<article class="card ${name}">
<h3><span class="swatch"></span>${title}</h3>
<p class="about">${about}</p>
<p class="big">${shown(figures, 'return')}</p>
<p class="under">${shown(figures, 'equity')}</p>
${name === 'buy_and_hold' && matched(record(manifest.summary.buyAndHoldMatched))}${sparkline(line, name, `${title}: equity over the run`)}
<dl>
${onCards.map(metric => html`<div><dt>${metricText[metric].label}</dt><dd>${shown(figures, metric)}</dd></div>\n`)}</dl>
</article>
`
}

/** What buy-and-hold returns with as much daily risk as the baseline. */
function matched({ share, return: gain }: Readonly<Record<string, unknown>>): Html | false {
  const [held, returned] = [number(share), number(gain)]
  if (held === undefined || returned === undefined) return false
  return html`<p class="about">${change(percent(returned, 2))} with ${percent(held)} of the capital held, which has the baseline’s daily risk</p>
`
}

function everyFigure(portfolioTitles: readonly PortfolioSummary[]): Html {
  const names = Object.keys(metricText) as ShownMetric[]
  return table({
    caption: 'Figures of the portfolios',
    columns: [{ label: 'figure' }, ...portfolioTitles.map(({ title }) => ({ label: title, number: true }))],
    rows: names.map(name => [metricText[name].label, ...portfolioTitles.map(({ figures }) => shown(figures, name))]),
  })
}

/** The figure, and half its 95 % interval where it has one. */
function shown(figures: Figures, name: ShownMetric): Html {
  const value = figure(figures, name)
  if (value === undefined) return undefinedValue(reason(figures, name))
  const { show, interval } = metricText[name]
  return html`${show(value)}${interval !== undefined && halfWidth(figures, interval)}`
}

/** Nothing for a run of an older version, which says neither the width nor why there is none. */
function halfWidth(figures: Figures, { metric, show }: Interval): Html | false {
  const half = figure(figures, metric)
  if (half !== undefined) return html` ±\u00a0${show(half)}`
  return metric in figures.reasons && html` ±\u00a0${undefinedValue(reason(figures, metric))}`
}

type HalfWidth = Extract<MetricName, `${string}95`>

/** Half-widths stand behind the figure they belong to. */
type ShownMetric = Exclude<MetricName, HalfWidth>

interface MetricText {
  readonly label: string
  readonly show: (value: number) => string
  readonly interval?: Interval
}

interface Interval {
  readonly metric: HalfWidth
  readonly show: (value: number) => string
}

const two = (value: number) => decimal(value, 2)

/** In the order of the table; units as in the trading room's `MetricName`. */
const metricText: Readonly<Record<ShownMetric, MetricText>> = {
  return: { label: 'Return', show: value => change(percent(value, 2)) },
  equity: { label: 'Equity at the end', show: value => usd(value) },
  cagr: { label: 'CAGR', show: value => change(percent(value)) },
  sharpe: { label: 'Sharpe', show: two, interval: { metric: 'sharpe95', show: two } },
  sortino: { label: 'Sortino', show: two, interval: { metric: 'sortino95', show: two } },
  calmar: { label: 'Calmar', show: two },
  maxDrawdown: { label: 'Max drawdown', show: value => percent(value) },
  maxDrawdownBars: { label: 'Longest drawdown, bars', show: integer },
  maxDrawdownHours: { label: 'Longest drawdown, hours', show: integer },
  trades: { label: 'Trades', show: integer },
  winRate: { label: 'Won', show: value => percent(value) },
  profitFactor: { label: 'Profit factor', show: two },
  expectancy: {
    label: 'Mean P&L of a trade',
    show: value => change(usd(value, 2)),
    interval: { metric: 'expectancy95', show: value => usd(value, 2) },
  },
  expectancyReturn: {
    label: 'Mean return of a trade',
    show: value => change(percent(value, 3)),
    interval: { metric: 'expectancyReturn95', show: value => percent(value, 3) },
  },
  sqn: { label: 'SQN', show: two },
  exposure: { label: 'Mean exposure', show: value => percent(value, 2) },
  turnover: { label: 'Turnover, × equity', show: two },
  fees: { label: 'Fees', show: value => usd(value) },
  slippage: { label: 'Slippage', show: value => usd(value) },
  borrow: { label: 'Borrowing', show: value => usd(value, 2) },
  interest: { label: 'Interest on idle cash', show: value => usd(value, 2) },
  ideas: { label: 'Ideas', show: integer },
  ignored: { label: 'Ideas ignored', show: integer },
  expired: { label: 'Ideas expired', show: integer },
  extended: { label: 'Horizons extended', show: integer },
  collisions: { label: 'Collisions', show: integer },
  barsHalted: { label: 'Bars halted', show: integer },
  days: { label: 'Whole days', show: integer },
  barsStale: { label: 'Bars with a position marked at an old close', show: integer },
}
