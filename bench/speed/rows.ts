/** The rows of the benchmark table: each a scenario run as a user would, and the hand-written loop it is measured against. */

import { type Scenario, simulate } from 'mycelia'
import boltzmannScenario from '../../scenarios/models/boltzmann.js'
import flockingScenario from '../../scenarios/models/flocking.js'
import forestFireScenario from '../../scenarios/models/forest-fire.js'
import rosterScenario from '../../scenarios/models/roster.js'
import schellingScenario from '../../scenarios/models/schelling.js'
import wolfSheepScenario from '../../scenarios/models/wolf-sheep.js'
import { boltzmann } from '../limits/boltzmann.js'
import { flocking, flockOf } from '../limits/flocking.js'
import { forestFire } from '../limits/forest-fire.js'
import { rich as richByHand } from '../limits/rich.js'
import { rooms as roomsByHand } from '../limits/rooms.js'
import { roster } from '../limits/roster.js'
import { rumour as rumourByHand } from '../limits/rumour.js'
import { schelling } from '../limits/schelling.js'
import { ways as waysByHand } from '../limits/ways.js'
import { wolfSheep } from '../limits/wolf-sheep.js'
import { rich, rooms, rumour, ways } from './space-models.js'

/** Prepares a run, unmeasured; the run gives something of its result, so that nothing is optimised away. */
export type Work = (seed: number) => () => unknown

export interface Row {
  readonly model: string
  readonly size: string
  /** The published limit in ms (of the whole run, or of `per`), and how near to the limit the model should come. */
  readonly pageMs: number
  readonly reach: number
  /** The run's time is divided by this: steps, where the row is per step. */
  readonly per: number
  readonly repetitions: number
  run: Work
  limit: Work
}

function whole(scenario: Scenario, params: Record<string, unknown>, steps: number, collect = false): Work {
  return seed => () => {
    const sim = simulate(scenario, { seed, params, collect })
    sim.run({ steps })
    return sim.model.steps
  }
}

/** The first steps of a run, without its set-up. */
function stepsAlone(scenario: Scenario, params: Record<string, unknown>, steps: number): Work {
  return seed => {
    const sim = simulate(scenario, { seed, params, collect: false })
    return () => sim.run({ steps })
  }
}

const any = (scenario: unknown) => scenario as Scenario

const schellingRow = (size: string, side: number, residents: number, radius: number, wanted: number, pageMs: number): Row => ({
  model: 'schelling',
  size,
  pageMs,
  reach: 1.7,
  per: 1,
  repetitions: 25,
  run: whole(any(schellingScenario), { width: side, height: side, residents, radius, wanted }, 20),
  limit: seed => () => schelling({ width: side, height: side, agents: residents, radius, wanted, steps: 20 }, seed),
})

const flockingRow = (size: string, birds: number, side: number, vision: number, pageMs: number): Row => ({
  model: 'flocking',
  size,
  pageMs,
  reach: 1.9,
  per: 1,
  repetitions: 25,
  run: whole(any(flockingScenario), { birds, size: side, vision }, 100),
  limit: seed => () => flocking({ birds, size: side, vision, steps: 100 }, seed),
})

const wolfSheepRow = (size: string, limit: Omit<Parameters<typeof wolfSheep>[0], 'steps'>, pageMs: number): Row => ({
  model: 'wolf-sheep',
  size,
  pageMs,
  reach: 2.5,
  per: 1,
  repetitions: 25,
  run: whole(any(wolfSheepScenario), { ...limit }, 100),
  limit: seed => () => wolfSheep({ ...limit, steps: 100 }, seed),
})

const smallMeadow = { width: 25, height: 25, sheep: 60, wolves: 40, regrow: 20, sheepReproduce: 0.2, wolfReproduce: 0.1 }
const largeMeadow = { width: 100, height: 100, sheep: 1_000, wolves: 500, regrow: 10, sheepReproduce: 0.4, wolfReproduce: 0.2 }

const manyBirds = { birds: 5_000, size: 500, vision: 5 }

const manyByHand: Work = seed => {
  const flock = flockOf(manyBirds, seed)
  return () => {
    for (let i = 0; i < 20; i++) flock.step()
    return flock.neighbors()
  }
}

const rosterRow = (size: string, collect: boolean, pageMs: number): Row => ({
  model: 'roster-121',
  size,
  pageMs,
  reach: 2,
  per: 20_000,
  repetitions: 9,
  run: whole(any(rosterScenario), {}, 20_000, collect),
  limit: seed => () => roster(121, 20_000, collect, seed),
})

/** A tool of the spaces; no page has a figure for it, so `pageMs` is the loop's own time on the machine of docs/benchmarks.md. */
const toolRow = <P extends Record<string, number>>(
  model: string,
  size: string,
  scenario: unknown,
  params: P,
  steps: number,
  byHand: (given: P & { steps: number }, seed: number) => unknown,
  pageMs: number,
): Row => ({
  model,
  size,
  pageMs,
  reach: 2.5,
  per: 1,
  repetitions: 25,
  run: whole(any(scenario), params, steps),
  limit: seed => () => byHand({ ...params, steps }, seed),
})

export const rows: readonly Row[] = [
  schellingRow('small', 40, 1_000, 1, 3, 1.8),
  schellingRow('large', 100, 8_000, 2, 8, 31),
  flockingRow('small', 200, 100, 5, 5),
  flockingRow('large', 400, 150, 15, 32),
  {
    model: 'flocking-5k',
    size: 'per step',
    pageMs: 1.65,
    reach: 2.5,
    per: 20,
    repetitions: 25,
    run: stepsAlone(any(flockingScenario), manyBirds, 20),
    limit: manyByHand,
  },
  wolfSheepRow('small', smallMeadow, 3.3),
  wolfSheepRow('large', largeMeadow, 42),
  {
    model: 'forest-fire',
    size: '100×100',
    pageMs: 2.1,
    reach: 2.5,
    per: 1,
    repetitions: 25,
    run: whole(any(forestFireScenario), {}, 100),
    limit: seed => () => forestFire({ width: 100, height: 100, density: 0.7, steps: 100 }, seed),
  },
  {
    model: 'boltzmann',
    size: '10 steps',
    pageMs: 14,
    reach: 2.1,
    per: 1,
    repetitions: 25,
    run: whole(any(boltzmannScenario), {}, 10, true),
    limit: seed => () => boltzmann({ width: 100, height: 100, people: 10_000, steps: 10 }, seed),
  },
  rosterRow('(a) empty step', false, 0.0019),
  rosterRow('(b) collecting', true, 0.0039),
  toolRow('grid and network', '2,000 agents', rumour, { people: 2_000, side: 50 }, 50, rumourByHand, 20),
  toolRow('capacity', '2,000 agents', rooms, { people: 2_000, side: 50 }, 50, roomsByHand, 5),
  toolRow('a-star', '64×64', ways, { side: 64, walkers: 20 }, 20, waysByHand, 40),
  toolRow('weighted choice', '1,000 agents', rich, { people: 1_000 }, 10, richByHand, 20),
]
