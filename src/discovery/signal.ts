/** A signal: one transformed driver the swarm can test against a pair's returns. */

import type { OutsideMoat } from '../market/index.js'

export const transforms = ['level', 'change'] as const
export type Transform = (typeof transforms)[number]

/** Where a driver comes from: finance or another moat. */
export type DriverMoat = 'finance' | OutsideMoat

export interface DiscoverySignal {
  /** `moat:stream`, e.g. `code:Rust`, `finance:own-return`. */
  readonly driver: string
  readonly transform: Transform
  readonly moat: DriverMoat
  /** True where every pair has its own value, as with its own return. */
  readonly own: boolean
}

/** The finance drivers, in the order `FinanceSignals` writes them. */
export const financeDrivers = ['own-return', 'own-volume', 'btc-return', 'eth-return'] as const

/** The 4 finance signals: own return, own relative volume, and the returns of the two pairs that lead the market. */
export function financeSignals(): DiscoverySignal[] {
  return financeDrivers.map(name => ({
    driver: `finance:${name}`,
    transform: 'level',
    moat: 'finance',
    own: name.startsWith('own-'),
  }))
}

/** Signal n of a moat with the given streams: (stream, transform) in order, so learner n of that moat publishes this one. */
export function moatSignal(moat: OutsideMoat, streams: readonly string[], n: number): DiscoverySignal {
  const stream = streams[Math.floor(n / transforms.length) % streams.length]
  return { driver: `${moat}:${stream}`, transform: transforms[n % transforms.length] as Transform, moat, own: false }
}
