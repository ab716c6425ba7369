/** What every runtime must agree on: the digests of the models, a noisy one and the swarm, and a hash of mathematics. */

import { type Scenario, simulate } from 'mycelia'
import tokenLaunch from '../../scenarios/token-launch.js'
import trifecta from '../../scenarios/trifecta.js'
import { mathSample } from '../core/math-hash.js'
import { hashOfMath } from '../core/math-sample.js'
import { models } from './kit.js'
import noisy from './noisy.js'

/** Launches and decisions within a minute and a half. */
const quick = {
  slotMs: 2_000,
  launchEveryMs: 4_000,
  fetchEveryMs: 20_000,
  tradeAfterMs: 5_000,
  outcomeMs: 20_000,
  minConfidence: 0,
}

const all = [
  ...models,
  { name: 'noisy', scenario: noisy as unknown as Scenario, params: {} },
  { name: 'token-launch', scenario: tokenLaunch as unknown as Scenario, params: quick },
  { name: 'trifecta', scenario: trifecta as unknown as Scenario, params: {} },
]

/** By name: what a run of 40 steps ends in. */
export function digests(): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { name, scenario, params } of all) {
    const sim = simulate(scenario, { seed: 11, params })
    sim.run({ steps: 40 })
    found[name] = sim.digest
  }
  return { ...found, math: hashOfMath(mathSample) }
}
