/** What came of a decision: how its order ended, and what the trade earned. */

import type { Row } from '../../core/index.js'
import { figureText, priceText } from '../figure-words.js'
import { cancelWords, exitWords } from '../reasons.js'
import type { Story } from './story.js'
import { barsText, instantText, moneyText, num } from './words.js'

/** Nothing where no order was placed or touched. */
export function outcomeSentences(story: Story): string[] {
  const { outcome } = story.decision
  if (outcome === 'cancelsEntry') return cancelled(story)
  if (outcome === 'exit') return [...endOfOrder(story), ...result(story)]
  if (outcome !== 'entry' && outcome !== 'renewal') return []
  if (story.order?.reason === 'extended')
    return ['The position was renewed to the end of the new horizon, without a trade.', ...result(story)]
  const isOpen = story.fills.length > 0
  return [...endOfOrder(story), ...(isOpen ? result(story) : [])]
}

function cancelled({ order, knowsOrders }: Story): string[] {
  if (order === null) return knowsOrders ? [] : ['This record does not say how that entry ended.']
  return [`That entry was over at ${instantText(order.ended_at)}, with ${figureText(num(order.filled_e8), 'quantity')} filled.`]
}

function endOfOrder({ order, fills, knowsOrders }: Story): string[] {
  const filled = fills.map(fillSentence)
  if (order === null) {
    if (filled.length > 0) return filled
    return [knowsOrders ? 'The order still waited when this record ended.' : 'This record does not say how the order ended.']
  }
  if (order.state === 'filled') return filled
  const why = cancelWords[String(order.reason)] ?? `The code of the reason is ${order.reason}.`
  const left = figureText(num(order.wanted_e8) - num(order.filled_e8), 'quantity')
  const what =
    num(order.filled_e8) > 0
      ? `What was left of it, ${left}, was ${order.state}`
      : `The order was ${order.state}, with nothing filled`
  return [...filled, `${what} (known at ${instantText(order.ended_at)}).`, why]
}

function fillSentence({ side, time, price, qty_e8, fee_e6 }: Row): string {
  const what = side === 'buy' ? 'bought' : 'sold'
  return `The order ${what} ${figureText(num(qty_e8), 'quantity')} at ${priceText(num(price))} at ${instantText(time)}, for a fee of ${moneyText(fee_e6)}.`
}

function result({ trade, decision }: Story): string[] {
  if (trade === null) return ['The position was still open when this record ended.']
  const { bars_held } = trade
  return decision.outcome === 'exit'
    ? [`That closed the trade after ${barsText(bars_held)}.`, ...earnings(trade)]
    : tradeSentences(trade)
}

/** How a trade ended: when, at what price and why, and what it earned. */
export function tradeSentences(trade: Row): string[] {
  const { exit_time, exit_price, bars_held } = trade
  const closing = `The position was closed at ${instantText(exit_time)} at ${priceText(num(exit_price))}, after ${barsText(bars_held)}.`
  return [closing, ...earnings(trade)]
}

function earnings({ reason, pnl_e6, fees_e6, borrow_e6, slippage_e6 }: Row): string[] {
  const earned = num(pnl_e6)
  const sum = earned >= 0 ? `It earned ${moneyText(earned)}` : `It lost ${moneyText(-earned)}`
  const borrowing = num(borrow_e6) > 0 ? ` and borrowing of ${moneyText(borrow_e6)}` : ''
  return [
    exitWords[String(reason)] ?? `The code of the reason is ${reason}.`,
    `${sum}, after fees of ${moneyText(fees_e6)}${borrowing}; spread and slippage are in the prices and cost ${moneyText(slippage_e6)}.`,
  ]
}
