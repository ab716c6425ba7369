/** The facts of a decision: its row, and the rows of other tables that its ids lead to. */

import type { Row } from '../../core/index.js'

/** One decision with all that the record knows about it. Rows have the columns of docs/outputs.md. */
export interface Story {
  readonly decision: Row
  readonly idea: Row | null
  readonly agreeingIdea: Row | null
  /** The patterns behind the idea, the strongest first. */
  readonly patterns: readonly Row[]
  /** What memory said of the idea; null: it was not asked. */
  readonly recollection: Row | null
  /** Of the trades that memory named as the nearest, those of this record. */
  readonly recalled: readonly Row[]
  /** What the gate found, by name: see `decisions.findings`. */
  readonly findings: readonly Finding[]
  /** The lock that refused it: where it began, grew longer and ended. */
  readonly lock: readonly Row[]
  /** Of the order that it placed, or of the order it acted on: how it ended; null where the record does not say. */
  readonly order: Row | null
  readonly fills: readonly Row[]
  /** The trade that came of its order, or the one whose position it closed or renewed; null: it is not closed, or there is none. */
  readonly trade: Row | null
  /** Whether the record has a table of orders: without one, an order that is not in it may have ended. */
  readonly knowsOrders: boolean
}

export interface Finding {
  readonly name: string
  readonly value: string
}

/** The tables that stories are told from, besides `decisions`, each with the column by which its rows are found. */
export const storyTables = {
  ideas: 'id',
  idea_patterns: 'idea_id',
  recollections: 'idea_id',
  orders: 'trade_id',
  fills: 'trade_id',
  trades: 'trade_id',
  locks: 'id',
} as const

export type StoryTable = keyof typeof storyTables

/** Of each table, something by its name. */
export type OfStoryTables<T> = Readonly<Record<StoryTable, T>>

/** The ids by which the rows of some decisions' stories are found in each table. */
export function storyIds(decisions: readonly Row[]): OfStoryTables<ReadonlySet<string>> {
  const textsOf = (...names: string[]) =>
    new Set(decisions.flatMap(row => names.flatMap(name => (typeof row[name] === 'string' ? [row[name]] : []))))
  const trades = textsOf('trade_id', 'met_trade_id')
  const locks = new Set(decisions.flatMap(row => findingsOf(row).flatMap(({ name, value }) => (name === 'lock' ? [value] : []))))
  return {
    ideas: textsOf('idea_id', 'agreeing_idea_id'),
    idea_patterns: textsOf('idea_id'),
    recollections: textsOf('idea_id'),
    orders: trades,
    fills: trades,
    trades,
    locks,
  }
}

/** The trades that memory named as the nearest. */
export function recalledIds(recollections: readonly Row[]): ReadonlySet<string> {
  return new Set(recollections.flatMap(nearestOf))
}

function nearestOf({ nearest }: Row): string[] {
  return typeof nearest === 'string' && nearest !== '' ? nearest.split(' ') : []
}

/** The stories of some decisions, in their order; `found`: the rows that `storyIds` leads to, and the trades of `recalledIds`. */
export function tellStories(decisions: readonly Row[], found: OfStoryTables<readonly Row[]>, knowsOrders: boolean): Story[] {
  return decisions.map(decision => storyOf(decision, found, knowsOrders))
}

function storyOf(decision: Row, found: OfStoryTables<readonly Row[]>, knowsOrders: boolean): Story {
  const findings = findingsOf(decision)
  const lockId = findings.find(({ name }) => name === 'lock')?.value
  const orderId = orderOf(decision)
  // An exit may be ordered twice; the last one to end is the one that filled.
  const order = found.orders.findLast(row => row.order_id === orderId) ?? null
  const recollection = found.recollections.find(row => row.idea_id === decision.idea_id) ?? null
  return {
    decision,
    idea: found.ideas.find(row => row.id === decision.idea_id) ?? null,
    agreeingIdea: found.ideas.find(row => row.id === decision.agreeing_idea_id) ?? null,
    patterns: found.idea_patterns.filter(row => row.idea_id === decision.idea_id),
    recollection,
    recalled: recollection === null ? [] : tradesBy(nearestOf(recollection), found.trades),
    findings,
    lock: lockId === undefined ? [] : found.locks.filter(row => row.id === lockId),
    order,
    fills: orderId === null ? [] : found.fills.filter(row => row.order_id === orderId),
    trade: found.trades.find(row => row.trade_id === tradeOf(decision, order)) ?? null,
    knowsOrders,
  }
}

function tradesBy(ids: readonly string[], trades: readonly Row[]): Row[] {
  return ids.map(id => trades.find(row => row.trade_id === id)).filter(row => row !== undefined)
}

/** The order that the decision placed, or whose end it caused. */
function orderOf({ outcome, order_id, met_trade_id }: Row): string | null {
  if (outcome === 'exit') return `${met_trade_id}:exit`
  if (outcome === 'cancelsEntry') return `${met_trade_id}:entry`
  return order_id === null || order_id === undefined ? null : String(order_id)
}

function tradeOf({ outcome, trade_id, met_trade_id }: Row, order: Row | null): string | null {
  const isMet = outcome === 'exit' || (outcome === 'renewal' && order?.reason === 'extended')
  const id = isMet ? met_trade_id : trade_id
  return id === null || id === undefined ? null : String(id)
}

/** `name=value name=value` as pairs, in their order. */
function findingsOf({ findings }: Row): Finding[] {
  if (typeof findings !== 'string') return []
  return findings.split(' ').map(part => {
    const at = part.indexOf('=')
    return { name: part.slice(0, at), value: part.slice(at + 1) }
  })
}
