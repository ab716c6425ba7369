/** A small swarm driven by hand: the test itself gives every bar, signal and message of a tick, and sees what is said. */

import { type Swarm, type SwarmParameters, swarmScenario } from '../../src/agents/index.js'
import type { Topic } from '../../src/bus/index.js'
import { type Bar, BarFlag, type MoatSignal, synthetic } from '../../src/market/index.js'
import { type Simulation, simulate, type TickInput } from '../../src/model/index.js'
import { type Idea, type InstrumentState, type Portfolio, type PortfolioName, swarmTopics } from '../../src/trading/index.js'
import { idea } from '../trading/support.js'

export const barMs = 60_000
export const start = Date.UTC(2026, 0, 1)
/** The pair of these tests, one beside it, and the one that leads the market. */
export const [pair, other, leader]: readonly [string, string, string] = ['SOLUSD', 'ADAUSD', 'XXBTZUSD']
export const pairs = [leader, pair, other]

const params: Partial<SwarmParameters> = {
  pairs,
  barMs,
  dataMiners: 3,
  financeLearners: 3,
  codeLearners: 2,
  logisticsLearners: 0,
  governmentLearners: 0,
  corporationsLearners: 0,
  explorersPerTeam: 0,
  memories: 0,
  baselineRule: 'talkative',
  feeRate: 0,
  halfSpread: 0,
  slippage: 0,
  stopAtr: 0,
  targetAtr: 0,
  grossLimit: 1,
}

const scenario = swarmScenario({ name: 'by-hand', title: 'A swarm driven by hand', market: synthetic(), defaults: params })
const nothing = { next: () => undefined, save: () => null, restore: () => undefined, describe: () => ({}) }

export interface ByHand {
  readonly sim: Simulation<Swarm>
  readonly model: Swarm
  /** What was said on a topic so far. */
  said<T>(topic: Topic<T>): T[]
  /** A tick without a step, a millisecond later. */
  tick(...inputs: readonly object[]): void
  /** The end of a bar: a tick with a step. */
  step(...inputs: readonly object[]): void
  /** So many bars pass unseen: the process was not there. */
  skip(bars: number): void
  /** So many bars of every pair, each close a little off the last. */
  live(bars: number): void
  /** A bar that closes at the end of the next step. */
  bar(of: string, close: number, more?: Partial<Bar>): { kind: 'bar'; bar: Bar }
  portfolio(name: PortfolioName): Portfolio
  /** The pair's state in a portfolio. */
  instrument(name: PortfolioName, of?: string): InstrumentState
}

/** A swarm before its first bar; `more`: other parameters than those above. */
export function swarmByHand(more: Partial<SwarmParameters> = {}): ByHand {
  const sim = simulate(scenario, { seed: 1, params: more, source: nothing, collect: false }) as unknown as Simulation<Swarm>
  const { model } = sim
  const said = new Map<unknown, unknown[]>()
  sim.tap((topic, message) => void said.set(topic, [...(said.get(topic) ?? []), message]))
  let bars = 0
  let now = start
  const run = (step: boolean, inputs: readonly object[]) => {
    now = step ? start + ++bars * barMs : now + 1
    sim.tick({ time: now, step, inputs: inputs as TickInput[] })
  }
  const swarm: ByHand = {
    sim,
    model,
    said: topic => (said.get(topic) ?? []) as never[],
    tick: (...inputs) => run(false, inputs),
    step: (...inputs) => run(true, inputs),
    skip(n) {
      bars += n
    },
    live(n) {
      for (let i = 0; i < n; i++) swarm.step(...pairs.map(of => swarm.bar(of, 100 + ((bars * 7 + of.length) % 5))))
    },
    bar(of, close, rest = {}) {
      const time = start + bars * barMs
      return {
        kind: 'bar',
        bar: { pair: of, time, barMs, open: close, high: close, low: close, close, volume: 10, flags: 0, ...rest },
      }
    },
    portfolio: name => model.traders.at(0)?.portfolios[name] as Portfolio,
    instrument: (name, of = pair) => swarm.portfolio(name).instruments.get(of) as InstrumentState,
  }
  return swarm
}

/** A bar without a trade: the last close again, for display only. */
export const filled = { flags: BarFlag.filled, volume: 0 } as const
/** A bar as the exchange has corrected it after it was final. */
export function revision({ bar }: { readonly bar: Bar }): { kind: 'revision'; bar: Bar } {
  return { kind: 'revision', bar }
}

/** A message as another process would have said it; `agent`: the publisher's id. */
export function message<T>(topic: Topic<T>, value: T, agent = 0): object {
  return { kind: 'remote', topic: topic.name, agent, message: value }
}

/** An idea that was decided at the end of the last bar, in the pair of these tests. */
export function ideaNow({ model }: ByHand, source: Idea['source'], more: Partial<Idea> = {}): object {
  const at = model.now - (model.now % barMs)
  const agent = source === 'mycelial' ? 'PatternLearner-0' : 'TechnicalAnalysis-0'
  const own = { id: `${agent}:${model.steps}:0`, agent, source, pair, barMs, decidedAt: at, expiresAt: at + 2 * barMs, ...more }
  return message(swarmTopics.find(`${source}-trade-ideas`) as Topic<Idea>, idea(own))
}

/** A value of a moat's stream. */
export function signal(stream: string, value: number, placebo = false): { kind: 'signal'; signal: MoatSignal } {
  return { kind: 'signal', signal: { moat: 'code', stream, time: start, value, placebo } }
}
