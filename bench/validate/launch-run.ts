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
} from '../../src/agents/launch/topics.js'

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
}

/** About 500 launches, and an hour more (180 others, which are not counted), in which they are judged. */
export const LAUNCH_STEPS = 34_000

export function launchRun(seed: number, { leak, steps }: { leak: number; steps: number }): LaunchFigures {
  const sim = simulate(tokenLaunch, { seed, params: { leak }, collect: false })
  const scores: TokenScore[] = []
  const launchedAt = new Map<string, number>()
  const graduates: string[] = []
  sim.tap((topic, message) => {
    if (topic === TokenScores) scores.push(message as TokenScore)
    else if (topic === Launches) launchedAt.set((message as Launch).pair, (message as Launch).time)
    else if (topic === Graduations) graduates.push((message as Graduation).pair)
  })
  sim.run({ steps })
  const { launched: traded, trades, now, params } = sim.model
  const hadTime = (pair: string) => (launchedAt.get(pair) ?? Number.POSITIVE_INFINITY) <= now - params.horizonMs
  const launched = [...launchedAt.keys()].filter(hadTime).length
  const graduated = graduates.filter(hadTime).length
  const agent = sim.model.tradeAgents.at(0)
  const { learning, entries = 0 } = agent ?? {}
  return { seed, launched, graduated, trades, traded, scores, reliability: learning?.reliability ?? [], entries }
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
