/** Whether a limit can matter under the parameters of a scenario: what `mycelia doctor` says before anything runs. */

import type { LimitParameters } from './chosen-limits.js'
import type { Limits } from './profile.js'

/** every entry · some: it depends on the run · none: it cannot bind. */
export type Binds = 'every' | 'some' | 'none'

export interface Binding {
  readonly limit: string
  readonly value: unknown
  readonly binds: Binds
  /** In a sentence's part: what it is compared with. */
  readonly why: string
}

/** What the parameters say of the size of positions. */
export interface SizeParameters extends LimitParameters {
  readonly capitalUsd: number
  readonly sizeShare: number
  readonly pairs: readonly string[]
}

/** Each limit that holds, and whether it can bind. */
export function bindingsOf(limits: Limits, parameters: SizeParameters): Binding[] {
  return Object.entries(limits)
    .filter(([name, value]) => name !== 'excess' && value !== undefined)
    .map(([limit, value]) => ({ limit, value, ...judged(limit, value, parameters) }))
}

const depends = { binds: 'some', why: 'by what happens' } as const

function judged(limit: string, value: unknown, { capitalUsd, sizeShare, pairs }: SizeParameters): Pick<Binding, 'binds' | 'why'> {
  const fullUsd = capitalUsd * sizeShare
  const n = pairs.length
  switch (limit) {
    case 'largestTradeUsd':
      return against(fullUsd > Number(value), fullUsd / 4 > Number(value), `a full position is ${fullUsd} USD at the start`)
    case 'smallestTradeUsd':
      return against(fullUsd / 4 < Number(value), fullUsd < Number(value), `a full position is ${fullUsd} USD at the start`)
    case 'openPositions':
      return against(n > Number(value), false, `there are ${n} pairs`)
    case 'grossShare':
      return against(
        n * sizeShare > Number(value),
        false,
        `${n} full positions are ${Math.round(n * sizeShare * 1000) / 10} % of equity`,
      )
    default:
      return depends
  }
}

function against(can: boolean, always: boolean, why: string): Pick<Binding, 'binds' | 'why'> {
  return { binds: always ? 'every' : can ? 'some' : 'none', why }
}
