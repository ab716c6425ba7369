/** The facts of a decision: its row, and the rows of other tables that its ids lead to. */

import type { RecordRow, RecordTable, RunRecord } from '../../storage/index.js'

/** One decision with all that the record knows about it. Rows have the columns of docs/outputs.md. */
export interface Story {
  readonly decision: RecordRow
  readonly idea: RecordRow | null
  readonly agreeingIdea: RecordRow | null
  /** The patterns behind the idea, the strongest first. */
  readonly patterns: readonly RecordRow[]
  /** What the gate found, by name: see `decisions.findings`. */
  readonly findings: readonly Finding[]
  /** The lock that refused it: where it began, grew longer and ended. */
  readonly lock: readonly RecordRow[]
  /** Of the order that it placed, or of the order it acted on: how it ended; null where the record does not say. */
  readonly order: RecordRow | null
  readonly fills: readonly RecordRow[]
  /** The trade that came of its order, or the one whose position it closed or renewed; null: it is not closed, or there is none. */
  readonly trade: RecordRow | null
  /** Whether the record has a table of orders: without one, an order that is not in it may have ended. */
  readonly knowsOrders: boolean
}

export interface Finding {
  readonly name: string
  readonly value: string
}

/** The stories of some decisions, in their order. */
export async function tellStories(record: RunRecord, decisions: readonly RecordRow[]): Promise<Story[]> {
  const textsOf = (...names: string[]) =>
    new Set(decisions.flatMap(row => names.flatMap(name => (typeof row[name] === 'string' ? [row[name]] : []))))
  const within = (table: RecordTable, column: string, ids: ReadonlySet<string>) =>
    ids.size === 0 ? [] : record.rows(table, [column], row => ids.has(String(row[column])))
  const trades = textsOf('trade_id', 'met_trade_id')
  const locks = new Set(decisions.flatMap(row => findingsOf(row).flatMap(({ name, value }) => (name === 'lock' ? [value] : []))))
  const rows = {
    ideas: await within('ideas', 'id', textsOf('idea_id', 'agreeing_idea_id')),
    patterns: await within('idea_patterns', 'idea_id', textsOf('idea_id')),
    orders: await within('orders', 'trade_id', trades),
    fills: await within('fills', 'trade_id', trades),
    trades: await within('trades', 'trade_id', trades),
    locks: await within('locks', 'id', locks),
  }
  return decisions.map(decision => storyOf(decision, rows, record.has('orders')))
}

type Found = Readonly<Record<'ideas' | 'patterns' | 'orders' | 'fills' | 'trades' | 'locks', readonly RecordRow[]>>

function storyOf(decision: RecordRow, found: Found, knowsOrders: boolean): Story {
  const findings = findingsOf(decision)
  const lockId = findings.find(({ name }) => name === 'lock')?.value
  const orderId = orderOf(decision)
  // An exit may be ordered twice; the last one to end is the one that filled.
  const order = found.orders.findLast(row => row.order_id === orderId) ?? null
  return {
    decision,
    idea: found.ideas.find(row => row.id === decision.idea_id) ?? null,
    agreeingIdea: found.ideas.find(row => row.id === decision.agreeing_idea_id) ?? null,
    patterns: found.patterns.filter(row => row.idea_id === decision.idea_id),
    findings,
    lock: lockId === undefined ? [] : found.locks.filter(row => row.id === lockId),
    order,
    fills: orderId === null ? [] : found.fills.filter(row => row.order_id === orderId),
    trade: found.trades.find(row => row.trade_id === tradeOf(decision, order)) ?? null,
    knowsOrders,
  }
}

/** The order that the decision placed, or whose end it caused. */
function orderOf({ outcome, order_id, met_trade_id }: RecordRow): string | null {
  if (outcome === 'exit') return `${met_trade_id}:exit`
  if (outcome === 'cancelsEntry') return `${met_trade_id}:entry`
  return order_id === null ? null : String(order_id)
}

function tradeOf({ outcome, trade_id, met_trade_id }: RecordRow, order: RecordRow | null): string | null {
  const isMet = outcome === 'exit' || (outcome === 'renewal' && order?.reason === 'extended')
  const id = isMet ? met_trade_id : trade_id
  return id === null || id === undefined ? null : String(id)
}

/** `name=value name=value` as pairs, in their order. */
function findingsOf({ findings }: RecordRow): Finding[] {
  if (typeof findings !== 'string') return []
  return findings.split(' ').map(part => {
    const at = part.indexOf('=')
    return { name: part.slice(0, at), value: part.slice(at + 1) }
  })
}
