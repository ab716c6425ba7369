/** Memory: what it did to ideas, the past trades it compared them with, and a map of all past trades. */

import type { Near, NearTrade, RecalledIdea, TradeMap, TradingReport } from '../data.js'
import { change, counted, decimal, instant, integer, percent, usd } from '../format.js'
import { panel, type ReportPanel, type Section, table, text } from '../panels.js'
import { number, record } from '../summary.js'

const noSummary = 'The run has no summary yet, which says how many ideas memory changed.'

export function memorySection({ manifest, trading: { memory } }: TradingReport): Section[] {
  const effect = remembered(manifest.summary)
  const lead = effect !== '' ? effect : memory === undefined ? 'No memory was asked in this run.' : noSummary
  const panels =
    memory === undefined
      ? [text('What memory said', ['This run kept no record of what memory said.'])]
      : [mapPanel(memory.map), ideaTable(memory.ideas)]
  return [{ id: 'memory', title: 'Memory', lead, panels }]
}

/** What memory did to the ideas it was asked about. */
function remembered(summary: Readonly<Record<string, unknown>>): string {
  const effect = record(summary.memory)
  const [ideas, changed, mean] = [effect.ideas, effect.changed, effect.meanFactor].map(number)
  if (ideas === undefined || changed === undefined || mean === undefined) return ''
  if (ideas === 0) return 'Memory was asked about no idea.'
  const [refused, up, down] = [effect.refused, effect.sizedUp, effect.sizedDown].map(value => integer(number(value) ?? 0))
  const how = changed === 0 ? '' : `, by ${decimal(mean, 3)} on average: ${refused} refused, ${up} sized up, ${down} sized down`
  return `Memory changed the confidence of ${integer(changed)} of ${counted(ideas, 'idea')}${how}.`
}

function ideaTable(ideas: readonly RecalledIdea[]): ReportPanel {
  const about =
    'Those that became trades first; a click shows the nearest past trades that were closed before the idea. Distance: the mean squared difference of the features, each in its own scale and weighted by what it told of wins and losses. The parts of a distance are in the scale of the end of the run, when more trades were known, so they need not sum to it.'
  const rows = ideas.map(({ idea, time, factor, sentences, trade, nearest }) => ({
    cells: {
      idea,
      time: instant(new Date(time).toISOString()),
      'confidence ×': factor,
      outcome: trade === null ? 'no finished trade' : outcome(trade),
    },
    detail: [...sentences, ...nearest.map(nearLine)],
  }))
  return table('Ideas that memory changed most', rows, { about, empty: 'Memory knew no similar trade for any idea.' })
}

function nearLine({ id, pair, direction, pnlUsd, result, distance, why }: Near): string {
  const far = `distance ${decimal(distance, 3)}${why === undefined ? '' : `: ${why}`}`
  if (pnlUsd === undefined) return `${id}, of an earlier run, ${far}`
  const share = result === null || result === undefined ? '' : ` (${change(percent(result, 2))} of the entry)`
  return `${id}, ${pair} ${direction === 1 ? 'long' : 'short'}: ${pnlUsd > 0 ? 'won' : 'lost'} ${usd(Math.abs(pnlUsd), 2)}${share}, ${far}`
}

function outcome({ pnlUsd }: NearTrade): string {
  return pnlUsd > 0 ? `won ${usd(pnlUsd, 2)}` : `lost ${usd(-pnlUsd, 2)}`
}

function mapPanel({ x, y, won, axes, total }: TradeMap): ReportPanel {
  const title = 'Map of past trades'
  if (x.length === 0) return text(title, ['No trade of the mycelial portfolio was finished.'])
  const [right, up] = axes
  const some = x.length < total ? `The latest ${integer(x.length)} of ${integer(total)}. ` : ''
  const wins = won.filter(Boolean).length
  const about = `${some}${counted(wins, 'win')}, ${counted(x.length - wins, 'loss', 'losses')}. Near each other: alike when they were entered. To the right: ${axisWords(right)}. Upwards: ${axisWords(up)}. What has a sign counts in the direction of the trade.`
  const fields = {
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    group: Float64Array.from(won, w => (w ? 0 : 1)),
    groups: ['win', 'loss'],
  }
  return panel(title, 'scatter', fields, { about, xLabel: right?.name ?? 'x', yLabel: up?.name ?? 'y' })
}

function axisWords(axis: TradeMap['axes'][number] | undefined): string {
  return axis === undefined || axis.share === 0
    ? 'nothing, as no feature varies'
    : `${axis.name} (${percent(axis.share, 0)} of the variance)`
}
