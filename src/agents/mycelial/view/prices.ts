/** The prices of a pair, with the ideas about it and the trades in it; a click tells what the decision record says. */

import type { Row } from '../../../core/index.js'
import type { CandleMark, CandlesData, CandlesPanel, PanelContext } from '../../../model/index.js'
import { type Position, portfolioNames, tradeSentences } from '../../../trading/index.js'
import type { Swarm } from '../swarm.js'
import { numberIn, numbersOf } from './cells.js'
import { storiesById } from './stories.js'

/** Trades and ideas that are marked: the newest of each. */
export const marksShown = 40

export const prices: CandlesPanel<Swarm> = {
  kind: 'candles',
  tab: 'Market',
  unit: 'USD',
  about:
    'Bars of one pair, each at the instant it ended. A triangle opens a position, a cross closes it, a dot is an idea; a click tells what was decided and why.',
  choices: model => model.pairs,
  look: context => ({ ...candlesOf(context), marks: marksOf(context) }),
}

function candlesOf(context: PanelContext<Swarm>): Omit<CandlesData, 'marks'> {
  const bars = context.rows('prices').filter(({ pair }) => pair === context.choice)
  const of = (column: string) => numbersOf(bars, column)
  return { time: of('time'), open: of('open'), high: of('high'), low: of('low'), close: of('close'), volume: of('volume') }
}

function marksOf(context: PanelContext<Swarm>): CandleMark[] {
  const inPair = (table: string) => context.rows(table).filter(({ pair }) => pair === context.choice)
  const trades = inPair('trades').slice(-marksShown)
  const ideas = inPair('ideas').slice(-marksShown)
  const open = openIn(context)
  const decisions = decisionsOf(
    inPair('decisions'),
    [...trades.map(({ trade_id }) => trade_id), ...open.map(p => p.tradeId)],
    ideas,
  )
  const stories = storiesById(context, decisions)
  const sentencesOf = (matches: (row: Row) => boolean) =>
    decisions.filter(matches).flatMap(({ id }) => stories.get(Number(id)) ?? [])
  const opening = (trade: unknown) => sentencesOf(({ trade_id }) => trade_id === trade)
  return [
    ...ideas.map(idea =>
      ideaMark(
        idea,
        sentencesOf(row => row.idea_id === idea.id),
      ),
    ),
    ...trades.flatMap(trade => [entryMark(entryOf(trade), opening(trade.trade_id)), exitMark(trade)]),
    ...open.map(entry => entryMark(entry, opening(entry.tradeId))),
  ]
}

/** Those that opened one of the trades, and those about one of the ideas. */
function decisionsOf(decisions: readonly Row[], trades: readonly unknown[], ideas: readonly Row[]): Row[] {
  const [opened, proposed] = [new Set(trades), new Set(ideas.map(({ id }) => id))]
  return decisions.filter(({ trade_id, idea_id }) => (trade_id !== null && opened.has(trade_id)) || proposed.has(idea_id))
}

interface Entry {
  readonly tradeId: string
  readonly portfolio: string
  readonly direction: number
  readonly time: number
  readonly price: number
}

function entryOf({ trade_id, portfolio, direction, entry_time, entry_price }: Row): Entry {
  return {
    tradeId: String(trade_id),
    portfolio: String(portfolio),
    direction: numberIn(direction),
    time: numberIn(entry_time),
    price: numberIn(entry_price),
  }
}

/** Entries of positions that are still open. */
function openIn({ model, choice }: PanelContext<Swarm>): Entry[] {
  const trader = model.traders.at(0)
  if (trader === undefined) return []
  return portfolioNames.flatMap(portfolio => {
    const position: Position | null = trader.portfolios[portfolio].instruments.get(choice)?.position ?? null
    if (position === null) return []
    const { tradeId, signal, entryTime: time, entryPriceUsd: price } = position
    return [{ tradeId, portfolio, direction: signal.direction, time, price }]
  })
}

function entryMark({ portfolio, direction, time, price }: Entry, detail: readonly string[]): CandleMark {
  const what = direction > 0 ? 'buys' : 'sells short'
  return {
    time,
    price,
    shape: direction > 0 ? 'up' : 'down',
    group: `${portfolio} trades`,
    label: `${portfolio} ${what}`,
    detail,
  }
}

function exitMark(trade: Row): CandleMark {
  const { portfolio, exit_time, exit_price, reason } = trade
  return {
    time: numberIn(exit_time),
    price: numberIn(exit_price),
    shape: 'cross',
    group: `${portfolio} trades`,
    label: `${portfolio} closes (${reason})`,
    detail: tradeSentences(trade),
  }
}

function ideaMark({ source, direction, decided_at, agent }: Row, detail: readonly string[]): CandleMark {
  const what = numberIn(direction) > 0 ? 'rises' : 'falls'
  return {
    time: numberIn(decided_at),
    shape: 'dot',
    group: `${source} ideas`,
    label: `${agent}: it ${what}`,
    detail:
      detail.length > 0 ? detail : ['No portfolio has decided about this idea, or the decision is older than what is shown.'],
  }
}
