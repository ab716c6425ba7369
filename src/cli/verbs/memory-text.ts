/** Answers of `mycelia memory` as text: two tables, the trades and what each feature adds to their distance. */

import type { FoundTrade, FoundTrades, LeakCheck, SimilarTrades } from '../../report/index.js'
import type { MemoryCheck } from '../../world/index.js'
import { type FittedColumn, fittedTable } from '../fitted.js'
import { columns, grouped, percent } from '../text.js'

const standardWidth = 80

export function similarText({ trade, closedBefore, recall, nearest }: SimilarTrades, width = standardWidth): string {
  const head = `${trade}: ${grouped(closedBefore)} trades were closed before its entry`
  if (nearest.length === 0) return `${head}, so memory had nothing to compare it with.\n`
  const { cases, won, sameMoatCases, sameMoatWon, factor } = recall
  const record = `Their record: a weight of ${two(cases)}, of which ${two(won)} won (of the same moat ${two(sameMoatCases)}, of which ${two(sameMoatWon)} won). It multiplies a confidence by ${factor.toFixed(3)}.`
  return `${head}; the nearest ${nearest.length}:\n${listText(nearest, width)}${record}\n`
}

export function foundText({ near, fitting, of, trades }: FoundTrades, width = standardWidth): string {
  const head = `${grouped(fitting)} of ${grouped(of)} past trades fit`
  if (trades.length === 0) return `${head}.\n`
  const targets = Object.entries(near).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
  const order = targets.length === 0 ? 'the newest' : `those nearest to ${targets.join(', ')}`
  return `${head}; ${order}${trades.length < fitting ? `, the first ${trades.length}` : ''}:\n${listText(trades, width)}`
}

function listText(trades: readonly FoundTrade[], width: number): string {
  const numbers = trades.map((_, i) => String(i + 1))
  return `${fittedTable(tradeColumns(trades, numbers), width)}\nWhat each feature adds to the distance (–: one of the two does not know it):\n${fittedTable(partColumns(trades, numbers), width)}\n`
}

function tradeColumns(trades: readonly FoundTrade[], numbers: readonly string[]): FittedColumn[] {
  const column = (head: string, keep: number, cell: (trade: FoundTrade) => string): FittedColumn => ({
    head,
    keep,
    align: 'right',
    cells: trades.map(cell),
  })
  return [
    { head: '#', cells: numbers, align: 'right', keep: 9 },
    column('distance', 8, ({ distance }) => distance.toFixed(3)),
    column('pair', 7, ({ pair }) => pair),
    column('side', 6, ({ side }) => side),
    column('result', 8, ({ won }) => (won ? 'won' : 'lost')),
    column('P&L, USD', 7, ({ pnlUsd }) => grouped(pnlUsd, 2)),
    column('of entry', 3, ({ result }) => (result === null ? '–' : percent(result, true))),
    column('closed', 2, ({ closed }) => new Date(closed).toISOString().slice(0, 10)),
    { ...column('trade', 5, ({ trade }) => trade), align: 'left' },
  ]
}

/** Short heads, so that all ten stand in 80 columns. */
const heads: Readonly<Record<keyof FoundTrade['parts'], string>> = {
  rsi: 'rsi',
  macd: 'macd',
  bollinger: 'band',
  atr: 'atr',
  volume: 'vol',
  regime: 'reg',
  prediction: 'pred',
  crossMoat: 'moats',
  direction: 'dir',
  trend: 'trend',
}

function partColumns(trades: readonly FoundTrade[], numbers: readonly string[]): FittedColumn[] {
  const names = Object.keys(heads) as (keyof FoundTrade['parts'])[]
  const cell = (part: number | null) => (part === null ? '–' : part.toFixed(3).replace(/^0/, ''))
  const parts = names.map(
    (name): FittedColumn => ({
      head: heads[name],
      cells: trades.map(({ parts }) => cell(parts[name])),
      align: 'right',
      keep: 8,
    }),
  )
  return [{ head: '#', cells: numbers, align: 'right', keep: 9 }, ...parts]
}

export function checkText(leaks: LeakCheck, store: MemoryCheck | undefined): string {
  const elsewhere = leaks.elsewhere === 0 ? '' : `; ${grouped(leaks.elsewhere)} of them are of an earlier run`
  const head = `Memory was asked about ${grouped(leaks.ideas)} ideas and named ${grouped(leaks.named)} past trades${elsewhere}: ${
    leaks.leaks === 0 ? 'each was closed before the idea was decided' : `${grouped(leaks.leaks)} were not closed yet`
  }.\n`
  return store === undefined ? head : head + storeText(store)
}

function storeText({ embedding, dimension, collections }: MemoryCheck): string {
  const rows = collections.map(({ collection, ledger, store, missing, retired, orphans }) =>
    [collection, ledger, store, missing, retired, orphans].map(cell => (typeof cell === 'number' ? grouped(cell) : cell)),
  )
  const first = collections.flatMap(({ first }) => first.slice(0, 1))
  const named = first.length === 0 ? '' : `The first: ${first.join(', ')}.\n`
  return `Vectors of the embedding ${embedding}, ${dimension} numbers each:\n${columns([['', 'ledger', 'store', 'missing', 'retired', 'orphans'], ...rows])}${named}`
}

function two(x: number): string {
  return x.toFixed(2)
}
