/** The finance drivers: own return, own relative volume, and the returns of Bitcoin and Ether, standardised by their past. */

import { math, registerSaveable, type Saveable } from '../core/index.js'
import type { HypothesisSpace } from './hypothesis-space.js'
import type { RollingWindow } from './rolling-window.js'
import { financeDrivers } from './signal.js'
import { type Standardiser, standardise, standardiser } from './standardise.js'

/** Turns each existing bar into z values and puts them in the rolling window. A model has one. */
export class FinanceSignals implements Saveable {
  static readonly savedAs = 'FinanceSignals'

  returns: Standardiser[]
  volumes: Standardiser[]
  /** Last existing close, NaN where the bar before was missing. */
  last: Float64Array
  /** First column of each finance driver, −1 where the space lacks it. */
  columns: number[]
  btc: number
  eth: number

  /** @param leaders the two pairs whose returns are drivers for all. */
  constructor(space: HypothesisSpace, leaders: { btc: string; eth: string } = { btc: 'XXBTZUSD', eth: 'XETHZUSD' }) {
    this.returns = space.pairs.map(() => standardiser())
    this.volumes = space.pairs.map(() => standardiser())
    this.last = new Float64Array(space.pairs.length).fill(Number.NaN)
    const at = (name: string) => space.signals.findIndex(s => s.driver === `finance:${name}` && s.transform === 'level')
    this.columns = financeDrivers.map(name => (at(name) < 0 ? -1 : (space.firstColumn[at(name)] as number)))
    this.btc = space.pairs.indexOf(leaders.btc)
    this.eth = space.pairs.indexOf(leaders.eth)
  }

  saveState(): unknown {
    return { ...this }
  }

  loadState(state: unknown): void {
    Object.assign(this, state)
  }

  /** Takes an existing bar of a pair. Volume, in units of the base asset, enters as its logarithm. */
  see(rollingWindow: RollingWindow, pair: number, close: number, volume: number): void {
    const change = close / (this.last[pair] as number) - 1
    this.last[pair] = close
    const r = standardise(this.returns[pair] as Standardiser, change)
    const [ownReturn = -1, ownVolume = -1, btcReturn = -1, ethReturn = -1] = this.columns
    if (ownReturn >= 0) rollingWindow.putZ(ownReturn + pair, r)
    if (btcReturn >= 0 && pair === this.btc) rollingWindow.putZ(btcReturn, r)
    if (ethReturn >= 0 && pair === this.eth) rollingWindow.putZ(ethReturn, r)
    if (ownVolume >= 0) rollingWindow.putZ(ownVolume + pair, standardise(this.volumes[pair] as Standardiser, logOf(volume)))
  }

  /** Takes a missing or filled bar of a pair. The next return would span a gap, so there is no such return. */
  miss(pair: number): void {
    this.last[pair] = Number.NaN
  }
}

function logOf(volume: number): number {
  return volume > 0 ? math.log(volume) : Number.NaN
}

registerSaveable(FinanceSignals)
