/** Memory: what it did to ideas so far, and the map of the latest past trades. */

import type { Row } from '../../../core/index.js'
import type { PanelContext, ScatterData, ScatterPanel, TextPanel } from '../../../model/index.js'
import {
  axisText,
  type Direction,
  figureText,
  type PrincipalAxis,
  principalPlane,
  type TradeVector,
  tradeVector,
} from '../../../trading/index.js'
import type { Swarm } from '../swarm.js'
import { count, numberIn, percent, rounded } from './cells.js'

/** Past trades on the map: the latest. */
export const tradesMapped = 1_024

interface TradeMap {
  /** Trades finished when it was made. */
  readonly finished: number
  readonly points: ScatterData
  readonly axes: readonly PrincipalAxis[]
}

const maps = new WeakMap<Swarm, TradeMap>()

export const tradeMap: ScatterPanel<Swarm> = {
  kind: 'scatter',
  tab: 'Memory',
  about:
    'The latest finished trades of the mycelial portfolio whose ideas and decisions are still among the newest rows; near each other are those that were alike when they were entered. Left and right, up and down: the two directions in which they differ most. What memory says names their features.',
  xLabel: 'first principal component',
  yLabel: 'second principal component',
  look: context => mapOf(context).points,
}

export const memoryEffect: TextPanel<Swarm> = {
  kind: 'text',
  tab: 'Memory',
  about: 'What memory did to the ideas it was asked about, and what the directions of the map are made of.',
  look: context => {
    const memory = context.model.memories.at(0)
    if (memory === undefined) return { lines: ['No memory is asked in this process.'] }
    const { factors, refused, admitted, sizedUp, sizedDown } = memory.effect
    return {
      lines: axisLines(mapOf(context)),
      figures: {
        'trades remembered': memory.remembered,
        'ideas asked about': memory.requests,
        'answers without a similar trade': memory.empty,
        'ideas changed': factors.n,
        'mean factor': factors.n === 0 ? null : rounded(factors.mean, 3),
        'refused because of it': refused,
        'let in because of it': admitted,
        'sized up': sizedUp,
        'sized down': sizedDown,
      },
    }
  },
}

function axisLines({ axes, points }: TradeMap): string[] {
  if (points.x.length === 0) return ['No trade of the mycelial portfolio is finished yet.']
  const [right, up] = axes.map(axis => `${axisText(axis)} (${percent(axis.share)} % of the variance)`)
  return [`On the map to the right: ${right}.`, `Upwards: ${up}.`]
}

/** Made again only when a trade was finished since. */
function mapOf(context: PanelContext<Swarm>): TradeMap {
  const { model } = context
  const finished = model.traders.at(0)?.tradeCount ?? 0
  const known = maps.get(model)
  if (known?.finished === finished) return known
  const made = { finished, ...placed(context) }
  maps.set(model, made)
  return made
}

function placed(context: PanelContext<Swarm>): Omit<TradeMap, 'finished'> {
  const own = (row: Row) => row.portfolio === 'mycelial'
  const finished = context.rows('trades').filter(own).slice(-tradesMapped)
  const wanted = new Set(finished.map(row => row.idea_id))
  const ideas = new Map(context.rows('ideas').flatMap(row => (wanted.has(row.id ?? null) ? [[row.id, row] as const] : [])))
  const decided = context.rows('decisions').flatMap(row => (wanted.has(row.idea_id) ? [[row.idea_id, row] as const] : []))
  const decisions = new Map(decided)
  // Only the newest rows are kept: a trade whose idea or decision is no longer there would stand where nothing is known of it.
  const trades = finished.filter(row => ideas.has(row.idea_id) && decisions.has(row.idea_id))
  const { x, y, axes } = principalPlane(trades.map(row => vectorOf(row, ideas.get(row.idea_id), decisions.get(row.idea_id))))
  const group = trades.map(row => (numberIn(row.pnl_e6) > 0 ? 0 : 1))
  return { points: { x, y, group, groups: ['won', 'lost'], labels: trades.map(labelOf) }, axes }
}

/** From the rows collected of a trade, which know all features but the volume; what is no longer among the newest rows is not known. */
function vectorOf(trade: Row, idea: Row | undefined, decision: Row | undefined): TradeVector {
  const of = (row: Row | undefined, column: string) => {
    const value = numberIn(row?.[column])
    return Number.isNaN(value) ? null : value
  }
  const moats = typeof idea?.moats === 'string' ? idea.moats.split(' ').filter(Boolean).length : Number.NaN
  return tradeVector({
    direction: (numberIn(trade.direction) > 0 ? 1 : -1) as Direction,
    prediction: of(idea, 'prediction'),
    crossMoatScore: moats,
    features: {
      rsi: of(decision, 'rsi'),
      macd: of(decision, 'macd'),
      bollinger: of(decision, 'bollinger'),
      trend: of(decision, 'trend'),
      atr: of(idea, 'atr'),
      volume: null,
      regime: numberIn(trade.regime),
    },
  })
}

function labelOf({ pair, direction, bars_held, pnl_e6 }: Row): string {
  const side = numberIn(direction) > 0 ? 'long' : 'short'
  return `${pair} ${side}, ${count(numberIn(bars_held), 'bar')}, ${figureText(numberIn(pnl_e6) / 1e6, 'usd')}`
}
