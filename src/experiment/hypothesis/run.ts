/** One run of the experiment: the default market at some strengths, and what its synthesized trades are compared with. */

import { type Swarm, swarmScenario } from '../../agents/index.js'
import { synthetic } from '../../market/index.js'
import { type Simulation, type Source, simulate } from '../../model/index.js'
import {
  BaselineIdeas,
  type ControlRecorder,
  type Controls,
  controlsOf,
  type Idea,
  MycelialIdeas,
  type PortfolioName,
  portfolioNames,
} from '../../trading/index.js'
import { type AccuracyRow, accuracyOf, type SaidIdea } from './accuracy.js'
import { forcedHypotheses } from './forced.js'
import { described, isForced, type Strengths } from './markets.js'
import { recordControls } from './record-controls.js'

/** What to run; plain data, so that it can be handed to a worker. */
export interface HypothesisTask {
  readonly strengths: Strengths | null
  readonly seed: number
  readonly steps: number
  /** Whether the risk manager may halt trading. */
  readonly halts: boolean
}

/** What came of it. */
export interface HypothesisFigures {
  readonly seed: number
  /** Of each portfolio: its trades, and the sum of their net returns as shares of notional. */
  readonly portfolios: Readonly<Record<PortfolioName, { readonly trades: number; readonly net: number }>>
  /** Bars at which the synthesized portfolio was halted. */
  readonly barsHalted: number
  readonly controls: Pick<Controls, 'mycelialThinned' | 'baselineThinned'>
  readonly accuracy: readonly AccuracyRow[]
}

/** No halt of the risk manager: a loss stops nothing before everything is lost, and contagion is never judged. */
const haltsOff = { maxDrawdown: 1, contagionLeaders: 1_000_000 }

/** The handler of the engines. */
export async function prepareHypothesis(): Promise<(task: HypothesisTask) => HypothesisFigures> {
  return hypothesisRun
}

export function hypothesisRun({ strengths, seed, steps, halts }: HypothesisTask): HypothesisFigures {
  const forced = isForced(strengths) ? { forcedHypotheses: [...forcedHypotheses()] } : {}
  const scenario = swarmScenario({ name: 'hypothesis', title: 'The claim', market: described(strengths) })
  const sim = simulate(scenario, { seed, params: { ...forced, ...(halts ? {} : haltsOff) }, collect: false })
  return watched(sim, { seed, steps })
}

/** The same on any other market. */
export function hypothesisRunOn(source: Source, { seed, steps, halts }: Omit<HypothesisTask, 'strengths'>): HypothesisFigures {
  const scenario = swarmScenario({ name: 'hypothesis', title: 'The claim', market: synthetic() })
  return watched(simulate(scenario, { seed, params: halts ? {} : haltsOff, collect: false, source }), { seed, steps })
}

function watched(sim: Simulation<Swarm>, { seed, steps }: { seed: number; steps: number }): HypothesisFigures {
  const recorder = recordControls(sim)
  const ideas: SaidIdea[] = []
  sim.tap((topic, message) => {
    if (topic === BaselineIdeas || topic === MycelialIdeas) ideas.push(said(message as Idea))
  })
  sim.run({ steps })
  sim.finish()
  const { mycelialThinned, baselineThinned } = controlsOf(recorder, sim.model.params, seed)
  return {
    seed,
    portfolios: Object.fromEntries(portfolioNames.map(name => [name, sumOf(recorder, name)])) as HypothesisFigures['portfolios'],
    barsHalted: sim.model.traders.at(0)?.portfolios.synthesized.performance.barsHalted ?? 0,
    controls: { mycelialThinned, baselineThinned },
    accuracy: accuracyOf(ideas, recorder.opens(), recorder.collided),
  }
}

/** Without its features: a run has a hundred thousand ideas. */
function said({ id, source, pair, direction, decidedAt, barMs, horizonBars }: Idea): SaidIdea {
  return { id, source, pair, direction, decidedAt, barMs, horizonBars }
}

function sumOf(recorder: ControlRecorder, name: PortfolioName): { trades: number; net: number } {
  const trades = recorder.tradesOf(name)
  return { trades: trades.length, net: trades.reduce((sum, trade) => sum + trade.net, 0) }
}
