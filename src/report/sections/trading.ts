/** Equity, prices with trades, contagion: the charts of a run that trades. */

import { dataEndedSentence, type EndedPair } from '../../trading/index.js'
import type { Candles, Lines, ReportData, TradingReport } from '../data.js'
import { counted, decimal, integer, percent, usd } from '../format.js'
import { reportLimits } from '../limits.js'
import { linesPanel, type ReportPanel, type Section, text } from '../panels.js'
import { number, record, titleOf } from '../summary.js'
import type { Trade } from '../trade.js'

/** On an axis of ms. */
function inMs(x: readonly number[], lines: Lines['lines']): Lines {
  return { x: x.map(seconds => seconds * 1_000), lines }
}

export function equitySection({ manifest, trading }: TradingReport): Section {
  const capital = number(manifest.parameters.capitalUsd)
  const { halted, equity, drawdown } = trading
  const byKind = Object.entries(record(manifest.summary.haltsByKind)).filter(([, n]) => number(n) !== 0)
  const { drawdownRule } = manifest.summary
  const rebased = typeof drawdownRule === 'string' ? `; ${drawdownRule}` : ''
  const why = byKind.length === 0 ? '' : ` (${byKind.map(([kind, n]) => `${kind} ${n}`).join(', ')}${rebased})`
  const lead = `${capital === undefined ? 'Equal capital' : usd(capital)} a portfolio, equal rules, costs paid. ${
    halted.length === 0
      ? 'No portfolio was halted.'
      : `Shaded: ${counted(halted.length, 'stretch', 'stretches')} in which a portfolio made no entries${why}.`
  }`
  const shades = halted.map(({ portfolio, from, to }) => ({ name: portfolio, from: from * 1_000, to: to * 1_000 }))
  const log = isWide(equity.lines)
  const about = 'Drag to zoom, shift and drag to move, double-click to reset, click a name to hide its line.'
  const inPercent = Object.fromEntries(Object.entries(drawdown).map(([name, values]) => [name, values.map(v => v && 100 * v)]))
  const panels = [
    linesPanel('Equity', inMs(equity.x, equity.lines), { isTime: true, unit: 'USD', log, about }, { shades }),
    linesPanel('Drawdown from the highest equity so far', inMs(equity.x, inPercent), { isTime: true, unit: '%' }),
    ...ended(manifest),
  ]
  return { id: 'equity', title: 'Equity', lead, panels }
}

/** Whether one of the lines would press the others flat on a linear scale. */
function isWide(lines: Lines['lines']): boolean {
  const values = Object.values(lines).flatMap(line => line.filter(value => value !== null && value > 0)) as number[]
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  return values.reduce((a, b) => Math.max(a, b), 0) > 3 * least
}

/** Pairs whose data ended while a position was open. */
function ended({ summary, parameters }: ReportData['manifest']): ReportPanel[] {
  const pairs = summary.dataEnded
  if (!Array.isArray(pairs) || pairs.length === 0) return []
  const loss = number(summary.dataEndedLoss) ?? number(parameters.dataEndedLoss)
  return [text('Data that ended', [dataEndedSentence(pairs as EndedPair[], loss)])]
}

export function priceSection({ manifest, trading }: TradingReport): Section {
  const { prices, trades } = trading
  const pairs = Object.keys(prices.pairs)
  const marked = trades.slice(-reportLimits.markedTrades)
  const some = marked.length < trades.length ? ` The latest ${integer(marked.length)} of them are marked.` : ''
  const left = prices.total > pairs.length ? ` The ${pairs.length} pairs traded most, of ${prices.total}.` : ''
  const lead = `${counted(trades.length, 'finished trade')} in three portfolios.${collisions(manifest.summary)}${some}${left} ▲ a long entry, ▼ a short one, • the exit.`
  const panels = pairs.length === 0 ? [text('Prices and trades', ['This run wrote no prices.'])] : [candlePanel(trading, marked)]
  return { id: 'prices', title: 'Prices and trades', lead, panels }
}

function candlePanel({ prices, readings }: TradingReport['trading'], marked: readonly Trade[]): ReportPanel {
  const { pairs, barsPerCandle } = prices
  const coarse = barsPerCandle > 1 ? ` A candle stands for ${barsPerCandle} bars.` : ''
  const about = `Wheel zooms, drag moves, a click on a mark says what it was and what the indicators said.${coarse} The lines are computed bar by bar.`
  const shown = Object.entries(pairs).map(([pair, candles]) => [
    pair,
    candleFields(
      candles,
      marked.filter(t => t.pair === pair),
      readings,
    ),
  ])
  return {
    description: { title: 'Candles and trades', kind: 'candles', about, choices: byInterest(Object.keys(pairs), marked) },
    shown: Object.fromEntries(shown),
  }
}

/** The pair on which the mycelial portfolio traded most comes first. */
function byInterest(pairs: readonly string[], trades: readonly Trade[]): string[] {
  const own = (pair: string) => trades.filter(t => t.pair === pair && t.portfolio === 'mycelial').length
  const [first] = [...pairs].sort((a, b) => own(b) - own(a))
  return first === undefined ? [] : [first, ...pairs.filter(pair => pair !== first).sort()]
}

function candleFields(candles: Candles, trades: readonly Trade[], readings: ReadonlyMap<string, string>) {
  const { time, open, high, low, close, lines } = candles
  const volume = candles.volume.some(units => units > 0) ? candles.volume : []
  const coarse = Object.entries({ open, high, low, close, volume }).map(([name, values]) => [name, coarsely(values)])
  return {
    time: Float64Array.from(time),
    ...Object.fromEntries(coarse),
    lines: Object.keys(lines),
    ...Object.fromEntries(Object.entries(lines).map(([name, values]) => [`lines/${name}`, coarsely(values)])),
    marks: trades.flatMap(trade => marksOf(trade, readings.get(trade.id))),
  }
}

/** To 16 binary digits, 0.2 bp of a price: a third smaller when it is compressed. */
function coarsely(values: readonly number[]): Float32Array {
  const floats = Float32Array.from(values)
  const bits = new Uint32Array(floats.buffer)
  for (let i = 0; i < bits.length; i++)
    if (Number.isFinite(floats[i])) bits[i] = (((bits[i] as number) + 0x80) & 0xffffff00) >>> 0
  return floats
}

function marksOf(
  { id, portfolio, direction, entry, exit, entryPrice, exitPrice, pnlUsd, reason, pattern }: Trade,
  reading?: string,
) {
  const side = direction === 1 ? 'long' : 'short'
  const said = [id, `${titleOf(portfolio)}, P&L ${usd(pnlUsd, 2)}.`, ...(pattern === null ? [] : [pattern])]
  const seen = reading === undefined || reading === '' ? [] : [`At the decision: ${reading}.`]
  return [
    {
      time: entry,
      price: entryPrice,
      shape: direction === 1 ? 'up' : 'down',
      group: portfolio,
      label: `${side} entry`,
      detail: [...said, ...seen],
    },
    { time: exit, price: exitPrice, shape: 'dot', group: portfolio, label: `${side} exit, ${reason}`, detail: said },
  ]
}

/** Agreements of ideas, which the synthesized portfolio trades, and disagreements, each beside what chance gives. */
function collisions(summary: Readonly<Record<string, unknown>>): string {
  const same = record(summary.collisions)
  const opposite = record(same.opposite)
  const [times, against] = [number(same.seen), number(opposite.seen)]
  if (times === undefined) return ''
  const disagreed =
    against === undefined ? '' : ` In opposite directions they met ${counted(against, 'time')}${byChance(opposite)}.`
  return ` Ideas of both kinds collided ${counted(times, 'time')}${byChance(same)}.${disagreed}`
}

/** Mean, standard deviation and one-sided p over circular shifts of the swarm’s ideas in time. */
function byChance(coincidences: Readonly<Record<string, unknown>>): string {
  const [mean, sd, p] = [coincidences.byChance, coincidences.sd, coincidences.p].map(number)
  if (mean === undefined) return ''
  const spread = sd === undefined ? '' : ` ± ${decimal(sd, 1)}`
  return `, where chance alone gives ${decimal(mean, 1)}${spread}${p === undefined ? '' : ` (p ${decimal(p, 3)})`}`
}

export function contagionSection({ manifest, trading }: TradingReport): Section {
  const [pause, resume] = [number(manifest.parameters.contagionPause), number(manifest.parameters.contagionResume)]
  const values = trading.contagion.filter(value => value !== null)
  const most =
    values.length === 0 ? 'Too few learners led a policy for it to be judged.' : `At most ${percent(Math.max(...values))}.`
  const rule =
    pause === undefined || resume === undefined
      ? ''
      : ` At ${percent(pause, 0)} every portfolio pauses its entries; below ${percent(resume, 0)} for long enough they resume.`
  const lead = `The share of finance learners that follow the same leading policy. ${most}${rule}`
  const levels = [pause, resume].filter(level => level !== undefined)
  const lines = inMs(trading.equity.x, { contagion: trading.contagion })
  const title = 'Share of finance learners with one policy'
  const panels = values.length === 0 ? [] : [linesPanel(title, lines, { isTime: true }, { levels })]
  return { id: 'contagion', title: 'Contagion', lead, panels }
}
