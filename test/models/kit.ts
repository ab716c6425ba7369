/** What the tests of the standard models share: how to run one, and what to read of it. */

import { type GivenParameters, type Model, type Scenario, type Simulation, simulate, type z } from 'mycelia'
import ants from '../../scenarios/models/ants.js'
import axelrod from '../../scenarios/models/axelrod.js'
import bankReserves from '../../scenarios/models/bank-reserves.js'
import bass from '../../scenarios/models/bass.js'
import boltzmann from '../../scenarios/models/boltzmann.js'
import civilViolence from '../../scenarios/models/civil-violence.js'
import daisyworld from '../../scenarios/models/daisyworld.js'
import dla from '../../scenarios/models/dla.js'
import economy from '../../scenarios/models/economy.js'
import elFarol from '../../scenarios/models/el-farol.js'
import flocking from '../../scenarios/models/flocking.js'
import forestFire from '../../scenarios/models/forest-fire.js'
import frankeWesterhoff from '../../scenarios/models/franke-westerhoff.js'
import gameOfLife from '../../scenarios/models/game-of-life.js'
import hawkDove from '../../scenarios/models/hawk-dove.js'
import hexLife from '../../scenarios/models/hex-life.js'
import ising from '../../scenarios/models/ising.js'
import kuramoto from '../../scenarios/models/kuramoto.js'
import mm1Queue from '../../scenarios/models/mm1-queue.js'
import predatorPrey from '../../scenarios/models/predator-prey.js'
import prisonersDilemma from '../../scenarios/models/prisoners-dilemma.js'
import roster from '../../scenarios/models/roster.js'
import schelling from '../../scenarios/models/schelling.js'
import schellingNetwork from '../../scenarios/models/schelling-network.js'
import seir from '../../scenarios/models/seir.js'
import sugarscape from '../../scenarios/models/sugarscape.js'
import sznajd from '../../scenarios/models/sznajd.js'
import traffic from '../../scenarios/models/traffic.js'
import vicsek from '../../scenarios/models/vicsek.js'
import virus from '../../scenarios/models/virus-on-network.js'
import wolfSheep from '../../scenarios/models/wolf-sheep.js'
import wealth from '../../scenarios/wealth.js'

/** The standard models, each small enough to be run many times. */
export const models: readonly { name: string; scenario: Scenario; params: Record<string, unknown> }[] = [
  { name: 'wealth', scenario: plain(wealth), params: {} },
  { name: 'ants', scenario: plain(ants), params: { size: 41, ants: 20 } },
  { name: 'axelrod', scenario: plain(axelrod), params: { size: 6 } },
  { name: 'bank-reserves', scenario: plain(bankReserves), params: { size: 10, people: 40 } },
  { name: 'bass', scenario: plain(bass), params: { people: 100 } },
  { name: 'boltzmann', scenario: plain(boltzmann), params: { width: 12, height: 12, people: 150 } },
  { name: 'civil-violence', scenario: plain(civilViolence), params: { size: 12, vision: 4 } },
  { name: 'daisyworld', scenario: plain(daisyworld), params: { size: 14 } },
  { name: 'dla', scenario: plain(dla), params: { perStep: 1 } },
  { name: 'economy', scenario: plain(economy), params: { households: 40 } },
  { name: 'el-farol', scenario: plain(elFarol), params: { guests: 30, comfort: 18 } },
  { name: 'flocking', scenario: plain(flocking), params: { birds: 60, size: 50 } },
  { name: 'forest-fire', scenario: plain(forestFire), params: { width: 40, height: 30 } },
  { name: 'franke-westerhoff', scenario: plain(frankeWesterhoff), params: { traders: 30 } },
  { name: 'game-of-life', scenario: plain(gameOfLife), params: { width: 24, height: 20 } },
  { name: 'hawk-dove', scenario: plain(hawkDove), params: { size: 12 } },
  { name: 'hex-life', scenario: plain(hexLife), params: { width: 16, height: 16 } },
  { name: 'ising', scenario: plain(ising), params: { size: 14 } },
  { name: 'kuramoto', scenario: plain(kuramoto), params: { oscillators: 40 } },
  { name: 'mm1-queue', scenario: plain(mm1Queue), params: {} },
  { name: 'predator-prey', scenario: plain(predatorPrey), params: { size: 30, prey: 60, predators: 10 } },
  { name: 'prisoners-dilemma', scenario: plain(prisonersDilemma), params: { size: 16 } },
  { name: 'roster', scenario: plain(roster), params: {} },
  { name: 'schelling', scenario: plain(schelling), params: { width: 20, height: 20, residents: 300 } },
  { name: 'schelling-network', scenario: plain(schellingNetwork), params: { nodes: 100, wanted: 0.9 } },
  { name: 'seir', scenario: plain(seir), params: { people: 150 } },
  { name: 'sugarscape', scenario: plain(sugarscape), params: { size: 25, agents: 120 } },
  { name: 'sznajd', scenario: plain(sznajd), params: {} },
  { name: 'traffic', scenario: plain(traffic), params: { length: 60 } },
  { name: 'vicsek', scenario: plain(vicsek), params: { particles: 60 } },
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

/** Slope of the straight line of least squares. */
export function slopeOf(xs: readonly number[], ys: readonly number[]): number {
  const [mx, my] = [mean(xs), mean(ys)]
  const over = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0)
  return xs.reduce((sum, x, i) => sum + (x - mx) * ((ys[i] as number) - my), 0) / over
}

export const seeds = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)
