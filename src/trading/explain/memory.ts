/** What memory said of an idea, in sentences. */

import type { Row } from '../../core/index.js'
import { figureText } from '../figure-words.js'
import { recalledConfidence } from '../past-trade.js'
import type { Story } from './story.js'
import { isNumber, moneyText, num } from './words.js'

export function memorySentences({ decision, recollection, recalled }: Story): string[] {
  const { memory_factor, memory_cases } = decision
  if (!isNumber(memory_factor)) return ['Memory was not consulted.']
  const cases = num(memory_cases)
  if (!(cases > 0)) return ['Memory knew no similar trades and left the confidence as it was.']
  const said = `Memory knew similar trades that weigh ${weightText(cases)} together and multiplied the confidence by ${figureText(memory_factor, 'number')}.`
  return recollection === null ? [said] : [said, ...recollectionSentences(recollection), ...nearestSentences(recalled)]
}

/** What a row of `recollections` says of a confidence and of the record behind it. */
export function recollectionSentences({ confidence, factor, cases, won, same_moat_cases, same_moat_won }: Row): string[] {
  const [before, after] = [num(confidence), recalledConfidence(num(confidence), num(factor))]
  const same = num(same_moat_cases)
  const ofMoat =
    same > 0
      ? `${weightText(same)} is of trades on patterns of the same moat, ${weightText(num(same_moat_won))} of them won`
      : 'all of it is of other moats'
  return [
    `So the confidence went from ${figureText(before, 'share')} to ${figureText(after, 'share')}.`,
    `Of the weight of ${weightText(num(cases))}, ${weightText(num(won))} had won; ${ofMoat}.`,
  ]
}

function nearestSentences(trades: readonly Row[]): string[] {
  if (trades.length === 0) return []
  const named = trades.map(
    ({ trade_id, pnl_e6 }) => `${trade_id} (${num(pnl_e6) > 0 ? 'won' : 'lost'} ${moneyText(Math.abs(num(pnl_e6)))})`,
  )
  return [`The nearest of them, the nearest first: ${named.join(', ')}.`]
}

function weightText(weight: number): string {
  return figureText(weight, 'number', 2)
}
