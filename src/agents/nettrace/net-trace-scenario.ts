/** A latency scenario in a few words: a name, and the market with its network. */

import type { NetworkMarketOptions } from '../../market/index.js'
import { defineScenario, type Scenario } from '../../model/index.js'
import { netTraceCollect } from './collect.js'
import { LatencySignal } from './latency-signal.js'
import { NetTrace } from './net-trace.js'
import { netTraceSchema } from './net-trace-parameters.js'
import { NetTrader } from './net-trader.js'
import { Orchestrator } from './orchestrator.js'
import { Scanner } from './scanner.js'
import { netTracePanels } from './view.js'

/** What `netTraceScenario` takes. */
export interface NetTraceScenarioOptions {
  readonly name: string
  readonly title: string
  /** The market a plain `run` makes, with its network. */
  readonly market: NetworkMarketOptions
  readonly steps?: number
}

/** Makes a scenario of latency signals. */
export function netTraceScenario({
  name,
  title,
  market,
  steps = 43_200,
}: NetTraceScenarioOptions): Scenario<NetTrace, typeof netTraceSchema> {
  return defineScenario({
    name,
    title,
    model: NetTrace,
    agents: { Scanner, LatencySignal, NetTrader, Orchestrator },
    params: netTraceSchema,
    collect: netTraceCollect,
    view: { charts: ['equity', 'matured', 'right', 'detectors'], panels: { ...netTracePanels } },
    steps,
    worlds: { run: { market }, live: { feeds: ['kraken'] } },
  })
}
