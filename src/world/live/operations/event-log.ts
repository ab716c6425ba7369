/** What a tick decided, as events of `live.log`: ideas, decisions, orders, fills and trades, each with its ids. Written once the tick is on disk. */

import { fromUsdE6 } from '../../../core/index.js'
import {
  BaselineIdeas,
  type Decision,
  Decisions,
  type Fill,
  Fills,
  type Idea,
  MycelialIdeas,
  type OrderEnd,
  OrderEnds,
  orderId,
  type Trade,
  TradeConfirmations,
} from '../../../trading/index.js'
import type { LiveLog } from './log.js'

interface Event {
  readonly event: string
  readonly fields: object
}

/** The event of a message, by its topic. */
const events = new Map<unknown, (message: never) => Event[]>([
  [BaselineIdeas, ideaEvents],
  [MycelialIdeas, ideaEvents],
  [Decisions, decisionEvents],
  [OrderEnds, orderEvents],
  [Fills, fillEvents],
  [TradeConfirmations, tradeEvents],
])

export class EventLog {
  private waiting: Event[] = []

  constructor(private readonly log: Pick<LiveLog, 'event'>) {}

  /** Keeps what is to be logged of a message until its tick is committed. */
  add(topic: unknown, message: unknown): void {
    const eventsOf = events.get(topic)
    if (eventsOf !== undefined) this.waiting.push(...eventsOf(message as never))
  }

  committed(): void {
    const { waiting } = this
    if (waiting.length === 0) return
    this.waiting = []
    for (const { event, fields } of waiting) this.log.event('info', event, fields)
  }
}

function ideaEvents({ id, source, agent, pair, direction, confidence, horizonBars, pattern }: Idea): Event[] {
  return [{ event: 'idea', fields: { id, source, agent, pair, direction, confidence, horizonBars, pattern } }]
}

/** A decision, and the order that it places. */
function decisionEvents({ id, step, portfolio, ideaId, signal, answer }: Decision): Event[] {
  const { outcome, tradeId, metTradeId } = answer
  const { pair, direction } = signal
  const decision = { event: 'decision', fields: { id, step, portfolio, pair, direction, ideaId, outcome, tradeId, metTradeId } }
  if (tradeId === null) return [decision]
  const order = orderId(tradeId, true)
  const qty = (answer.verdict?.qtyE8 ?? 0) / 1e8
  return [decision, { event: 'order', fields: { id: order, tradeId, portfolio, pair, direction, qty, ideaId, decision: id } }]
}

/** An order that has ended, of an entry or an exit. */
function orderEvents({ clientId, reduces, portfolio, pair, side, filledE8, state, reason, endedAt }: OrderEnd): Event[] {
  const id = orderId(clientId, !reduces)
  return [
    {
      event: 'order ended',
      fields: { id, tradeId: clientId, portfolio, pair, side, filled: filledE8 / 1e8, state, reason, endedAt },
    },
  ]
}

function fillEvents({ tradeId, opens, portfolio, pair, side, time, priceUsd, qtyE8, feeE6 }: Fill): Event[] {
  const order = orderId(tradeId, opens)
  const feeUsd = fromUsdE6(feeE6)
  return [
    { event: 'fill', fields: { order, tradeId, portfolio, pair, side, opens, at: time, priceUsd, qty: qtyE8 / 1e8, feeUsd } },
  ]
}

function tradeEvents(trade: Trade): Event[] {
  const { tradeId, portfolio, pair, direction, agent, pattern, ideaIds, entryTime, exitTime, reason, barsHeld, pnlE6 } = trade
  const pnlUsd = fromUsdE6(pnlE6)
  return [
    {
      event: 'trade',
      fields: { tradeId, portfolio, pair, direction, agent, pattern, ideaIds, entryTime, exitTime, pnlUsd, reason, barsHeld },
    },
  ]
}
