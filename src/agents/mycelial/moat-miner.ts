/** The base of the four moat miners: each publishes the streams of its moat on the moat's own channel. */

import type { Moat, MoatSignal } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import { moatData } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

export abstract class MoatMiner extends Agent<SwarmModel> {
  abstract readonly moat: Moat
  values = 0

  signal(signal: MoatSignal): void {
    this.values++
    this.publish(moatData[this.moat].at(signal.stream), signal)
  }
}
