/** Runs of the launch world: the figures that its promises are judged by. */

import { simulate } from 'mycelia'
import tokenLaunch from '../../scenarios/token-launch.js'
import {
  type Graduation,
  Graduations,
  type Launch,
  Launches,
  type TokenScore,
  TokenScores,
  type UserTrade,
  UserTrades,
} from '../../src/agents/launch/topics.js'
import { RandomTwins } from './random-twins.js'
import { rugChance } from './rug-reference.js'

/** What one run came to. */
export interface LaunchFigures {
  readonly seed: number
  /** Launches that had a whole horizon before the end, and how many of them graduated by then. */
  readonly launched: number
  readonly graduated: number
  /** Trades of all launches, and those launches. */
  readonly trades: number
  readonly traded: number
  readonly scores: readonly TokenScore[]
  /** Outcomes by tenth of confidence, and entries of users. */
  readonly reliability: readonly { n: number; confidence: number; gained: number }[]
  readonly entries: number
  /** Net returns of the users' trades, and of the random entry beside each of them. */
  readonly own: readonly number[]
  readonly random: readonly number[]
  /** Purchases of users, how many of these tokens fell by 80 % within the hour, and how many of tokens of equal phase drawn by chance. */
  readonly fallen: { readonly entries: number; readonly own: number; readonly random: number }
  /** The chance of a rug of who knows the parameters, by pair, at an age of five minutes. */
  readonly references: ReadonlyMap<string, number>
}

/** Slots between two looks at positions on paper: as often as users look. */
const LOOK_STEPS = 10
const REFERENCE_MIN = 5

/** About 500 launches, and an hour more (180 others, which are not counted), in which they are judged. */
export const LAUNCH_STEPS = 34_000

/** What is asked of a run. */
export interface LaunchTask {
  readonly leak: number
  readonly steps: number
  readonly minConfidence?: number
  readonly users?: number
}

export function launchRun(seed: number, { steps, ...params }: LaunchTask): LaunchFigures {
  const sim = simulate(tokenLaunch, { seed, params, collect: false })
  const { model } = sim
  const scores: TokenScore[] = []
  const launchedAt = new Map<string, number>()
  const graduates: string[] = []
  const twins = new RandomTwins(model, seed)
  const references = new Map<string, number>()
  sim.tap((topic, message) => {
    if (topic === TokenScores) scores.push(message as TokenScore)
    else if (topic === Launches) launchedAt.set((message as Launch).pair, (message as Launch).time)
    else if (topic === Graduations) graduates.push((message as Graduation).pair)
    else if (topic === UserTrades) twins.take(message as UserTrade)
  })
  for (let done = 0; done < steps; done += LOOK_STEPS) {
    sim.run({ steps: LOOK_STEPS })
    twins.look()
    for (const token of model.living)
      if (token.ageMin === REFERENCE_MIN && !references.has(token.pair))
        references.set(token.pair, rugChance(token, model.params, model.now))
  }
  const { launched: traded, trades, now, params: used } = model
  const hadTime = (pair: string) => (launchedAt.get(pair) ?? Number.POSITIVE_INFINITY) <= now - used.horizonMs
  const launched = [...launchedAt.keys()].filter(hadTime).length
  const graduated = graduates.filter(hadTime).length
  const { learning, entries = 0 } = model.tradeAgents.at(0) ?? {}
  const reliability = learning?.reliability ?? []
  return {
    seed,
    launched,
    graduated,
    trades,
    traded,
    scores,
    references,
    reliability,
    entries,
    fallen: twins.fallen,
    ...twins.end(),
  }
}

/** The chance that a score of the first is above one of the second; ties count half. */
export function aucOf(first: readonly number[], second: readonly number[]): number {
  const all = [...first.map(x => ({ x, of: 1 })), ...second.map(x => ({ x, of: 0 }))].sort((a, b) => a.x - b.x)
  let ranks = 0
  for (let i = 0; i < all.length; ) {
    let j = i
    while (j < all.length && all[j]?.x === all[i]?.x) j++
    for (let k = i; k < j; k++) ranks += all[k]?.of === 1 ? (i + j + 1) / 2 : 0
    i = j
  }
  return (ranks - (first.length * (first.length + 1)) / 2) / (first.length * second.length)
}
