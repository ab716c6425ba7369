/** Bundler: one owner of several wallets, hired by creators to buy in the slot of a launch, and to sell with them. */

import { SOL } from '../../exchange/index.js'
import type { LaunchToken } from './token.js'
import { Trader } from './trader.js'

export class Bundler extends Trader {
  /** The wallets that it hides behind. */
  static readonly wallets = 8

  bundle(token: LaunchToken, wallets: number): void {
    for (let wallet = 1; wallet <= wallets; wallet++)
      this.buy(token, this.rng.between(0.6, 2) * SOL, { wallet, slippage: null, inLaunch: true })
  }

  dump(token: LaunchToken): void {
    for (let wallet = 1; wallet <= Bundler.wallets; wallet++) this.sell(token, 1, { wallet, priority: SOL / 100 })
  }

  override holds(token: LaunchToken): number {
    let held = 0
    for (let wallet = 1; wallet <= Bundler.wallets; wallet++) held += token.holders.get(this.account(wallet)) ?? 0
    return held
  }
}
