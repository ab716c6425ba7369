/** What the kernel's tests share: three types of agents, and a model whose set-up and step a test writes as functions. */

import { Agent, defineScenario, Model, type RequestHandler, type SimulateOptions, type Simulation, simulate, z } from 'mycelia'

export class Ant extends Agent<World> {
  food = 0
  name = ''
  override step(): void {
    this.model.seen.push(this.key)
  }
  advance(_payload?: unknown): void {
    this.model.seen.push(`${this.key}!`)
  }
}

export class Bee extends Agent<World> {
  honey = 1
  override step(): void {
    this.model.seen.push(this.key)
  }
}

/** A kind of ant, to see what a subclass shares with its parent: nothing. */
export class Soldier extends Ant {}

export abstract class World extends Model<typeof params> {
  /** What agents note as they act. */
  seen: unknown[] = []
  ants = this.agentsOf(Ant)
  bees = this.agentsOf(Bee)
  take(_payload: unknown): void {}
}

const params = z.object({})

/** A simulation of a model whose set-up (and step) is given as a function. Further classes of agents have a `static type`. */
export function world(
  setup: (model: World) => void,
  step: (model: World) => void = () => {},
  options: SimulateOptions = {},
): Simulation<World> {
  class Given extends World {
    override setup(): void {
      setup(this)
    }
    override step(): void {
      step(this)
    }
  }
  return simulate(defineScenario({ title: 'World', model: Given, params, agents: { Ant, Bee, Soldier } }), options)
}

export const keys = (agents: Iterable<Agent>): string[] => [...agents].map(a => a.key)

/** Replaces a method of one agent or model. Not a field: what an agent keeps in fields is saved, and a function cannot be. */
export function replaceMethod<T extends object, K extends keyof T>(object: T, name: K, value: T[K]): void {
  Object.defineProperty(object, name, { value })
}

/** Answers every request with null. */
export const nullAnswers: RequestHandler = { answer: () => null, save: () => null, restore: () => {} }
