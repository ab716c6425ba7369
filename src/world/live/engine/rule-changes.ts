/** Changes of an exchange's rules in words. */

import { fromUsdE6, UNIT } from '../../../core/index.js'
import type { InstrumentRules } from '../../../trading/index.js'

export interface RuleChange {
  readonly pair: string
  readonly before: InstrumentRules
  readonly after: InstrumentRules
}

/** Pairs named in one sentence. */
const mostNamed = 6

/** `ADAUSD (least quantity 5 instead of 4.4), …`. */
export function ruleChanges(changes: readonly RuleChange[]): string {
  const named = changes.slice(0, mostNamed).map(change => `${change.pair} (${differences(change).join(', ')})`)
  const more = changes.length - named.length
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function differences({ before, after }: RuleChange): string[] {
  const figures: [what: string, of: (rules: InstrumentRules) => string][] = [
    ['price step', ({ tickUsd }) => (tickUsd === null ? 'six digits' : String(tickUsd))],
    ['quantity step', ({ lotE8 }) => (lotE8 === null ? 'a cent’s worth' : String(lotE8 / UNIT))],
    ['least quantity', ({ minQtyE8 }) => String(minQtyE8 / UNIT)],
    ['least cost', ({ minCostE6 }) => String(fromUsdE6(minCostE6))],
  ]
  return figures.flatMap(([what, of]) => {
    const [was, is] = [of(before), of(after)]
    return was === is ? [] : [`${what} ${is} instead of ${was}`]
  })
}
