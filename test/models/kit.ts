/** What the tests of the standard models share: how to run one, and what to read of it. */

import { type GivenParameters, type Model, type Scenario, type Simulation, simulate, type z } from 'mycelia'
import boltzmann from '../../scenarios/models/boltzmann.js'
import flocking from '../../scenarios/models/flocking.js'
import forestFire from '../../scenarios/models/forest-fire.js'
import gameOfLife from '../../scenarios/models/game-of-life.js'
import mm1Queue from '../../scenarios/models/mm1-queue.js'
import roster from '../../scenarios/models/roster.js'
import schelling from '../../scenarios/models/schelling.js'
import sugarscape from '../../scenarios/models/sugarscape.js'
import virus from '../../scenarios/models/virus-on-network.js'
import wolfSheep from '../../scenarios/models/wolf-sheep.js'
import wealth from '../../scenarios/wealth.js'

/** The standard models, each small enough to be run many times. */
export const models: readonly { name: string; scenario: Scenario; params: Record<string, unknown> }[] = [
  { name: 'wealth', scenario: plain(wealth), params: {} },
  { name: 'boltzmann', scenario: plain(boltzmann), params: { width: 12, height: 12, people: 150 } },
  { name: 'flocking', scenario: plain(flocking), params: { birds: 60, size: 50 } },
  { name: 'forest-fire', scenario: plain(forestFire), params: { width: 40, height: 30 } },
  { name: 'game-of-life', scenario: plain(gameOfLife), params: { width: 24, height: 20 } },
  { name: 'mm1-queue', scenario: plain(mm1Queue), params: {} },
  { name: 'roster', scenario: plain(roster), params: {} },
  { name: 'schelling', scenario: plain(schelling), params: { width: 20, height: 20, residents: 300 } },
  { name: 'sugarscape', scenario: plain(sugarscape), params: { size: 25, agents: 120 } },
  { name: 'virus-on-network', scenario: plain(virus), params: { people: 150, outbreak: 10 } },
  { name: 'wolf-sheep', scenario: plain(wolfSheep), params: {} },
]

/** A scenario of any model, for code that treats all alike. */
function plain(scenario: unknown): Scenario {
  return scenario as Scenario
}

/** Runs a scenario so many steps. */
export function ran<M extends Model, P extends z.ZodType>(
  scenario: Scenario<M, P>,
  steps: number,
  seed: number,
  params?: GivenParameters<P>,
): Simulation<M> {
  const sim = simulate(scenario, { seed, ...(params && { params }) })
  sim.run({ steps })
  return sim
}

/** A column of the table `model`. */
export function numbersOf(sim: Pick<Simulation, 'table'>, column: string): number[] {
  return sim.table('model').column(column).map(Number)
}

export function lastOf(sim: Pick<Simulation, 'table'>, column: string): number {
  return numbersOf(sim, column).at(-1) ?? Number.NaN
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

/** Standard error of the mean. */
export function errorOf(values: readonly number[]): number {
  const m = mean(values)
  return Math.sqrt(values.reduce((sum, x) => sum + (x - m) ** 2, 0) / (values.length - 1) / values.length)
}

export const seeds = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)
