/** Tries every public method of agents, sets, spaces, layers, streams, models and simulations inside a reporter: none may make another run. */

import {
  Agent,
  AgentSet,
  defineScenario,
  HexGrid,
  Layer,
  Model,
  Network,
  OperatorError,
  Plane,
  type Simulation,
  SquareGrid,
  simulate,
  topic,
  z,
} from 'mycelia'
import { describe, expect, it } from 'vitest'
import { hiddenMembers } from './hidden-members.js'
import { nullAnswers } from './kit.js'

const Said = topic<{ readonly by: string }>('looking-said')
const params = z.object({
  reported: z.boolean().default(false),
  warmth: z.number().default(1).meta({ changeable: true }),
})

class Being extends Agent<Estate> {
  /** Subscriptions are accepted from a class that has one. */
  override wire(): void {}
  seen = 0
  hear(): void {
    this.seen++
  }
}
class Sheep extends Being {
  override step(): void {
    this.seen += this.model.grid.walk(this) + this.rng.int(5)
    if (this.rng.chance(0.3)) this.after(2, 'hear')
  }
}
class Bee extends Being {
  override step(): void {
    this.model.hive.moveToEmpty(this)
  }
}
class Bird extends Being {
  override step(): void {
    this.model.plane.moveBy(this, this.rng.float(), this.model.weather.float())
  }
}
class Person extends Being {
  override step(): void {
    this.seen += this.model.town.randomNode()
  }
}

/** Holds one of everything. One agent of each type stands nowhere, to be placed. */
class Estate extends Model<typeof params> {
  /** Subscriptions are accepted from a class that has one. */
  override wire(): void {}
  weather = this.stream('weather')
  order = this.rng
  grid = new SquareGrid<Sheep>({ width: 6, height: 5, torus: true, occupancy: 'many', rng: this.rng })
  hive = new HexGrid<Bee>({ width: 5, height: 5, rng: this.rng })
  plane = new Plane<Bird>({ width: 10, height: 8, torus: true, rng: this.rng })
  town = new Network<Person>({ nodes: 9, edges: [[0, 1], [1, 2], [2, 3], [3, 0], [4, 5]], occupancy: 'many', rng: this.rng }) // biome-ignore format: a graph
  grass = new Layer(this.grid, { initial: cell => cell / 30 })
  flock = this.agentsOf(Sheep)
  team: AgentSet<Sheep> | undefined
  override setup(): void {
    for (const sheep of this.spawn(8, Sheep).slice(1)) this.grid.placeRandomly(sheep)
    for (const bee of this.spawn(6, Bee).slice(1)) this.hive.placeOnEmpty(bee)
    for (const bird of this.spawn(5, Bird).slice(1)) this.plane.placeRandomly(bird)
    for (const person of this.spawn(5, Person).slice(1)) this.town.placeOnEmpty(person)
    this.team = this.flock.sample(5)
  }
  override step(): void {
    const [, ...placed] = this.flock
    for (const sheep of placed) sheep.step()
    for (const type of [Bee, Bird, Person]) for (const one of this.agentsOf<Being>(type).toArray().slice(1)) one.step()
    this.grass.set(this.order.int(this.grid.size), this.weather.float())
    if (this.steps > 5) this.grid.moveToEmpty(this.flock.at(3) as Sheep)
  }
}

const types = { Sheep, Bee, Bird, Person }
const scenario = (collect: object = {}) => defineScenario({ title: 'Estate', model: Estate, params, agents: types, collect })

/** The objects that a reporter reaches, each with the classes whose methods it has. */
const subjects = {
  agent: (m: Estate) => m.flock.at(2) as Sheep,
  'living set': (m: Estate) => m.flock,
  'kept set': (m: Estate) => m.team as AgentSet<Sheep>,
  'square grid': (m: Estate) => m.grid,
  'hex grid': (m: Estate) => m.hive,
  plane: (m: Estate) => m.plane,
  network: (m: Estate) => m.town,
  layer: (m: Estate) => m.grass,
  'default stream': (m: Estate) => m.rng,
  'order stream in a field': (m: Estate) => m.order,
  'named stream in a field': (m: Estate) => m.weather,
  'named stream': (m: Estate) => m.stream('weather'),
  'new named stream': (m: Estate) => m.stream('never'),
  "agent's own stream": (m: Estate) => (m.flock.at(2) as Sheep).rng,
  model: (m: Estate) => m,
  simulation: (_: Estate, sim: Simulation<Estate>) => sim,
} satisfies Record<string, (m: Estate, sim: Simulation<Estate>) => object>

type SubjectName = keyof typeof subjects

/** A resume alone calls it, on an object that has no state yet. */
const byResumeAlone = new Set(['loadState'])

/** Arguments by the name of a parameter, of whatever method. */
const byParameter: Record<string, (m: Estate, subject: object, method: string) => unknown> = {
  agent: (m, subject, method) => agentFor(m, subject, /^(place|join)/.test(method)),
  from: (m, subject, method) =>
    /[eE]dge|distance$|path|leastSteps/.test(method) && !(subject instanceof Plane) ? 0 : agentFor(m, subject, false),
  to: (m, subject, method) =>
    /[eE]dge|distance$|path|leastSteps/.test(method) && !(subject instanceof Plane) ? 1 : other(m, subject),
  a: (m, subject) => agentFor(m, subject, false),
  b: other,
  cell: (m, subject, method) => (method.startsWith('place') ? freeCell(m, subject) : 4),
  node: (m, _, method) => (method === 'removeNode' ? m.town.allNodes().find(node => m.town.isEmpty(node)) : 1),
  x: () => 2,
  y: () => 3,
  dx: () => 0.5,
  dy: () => -0.25,
  radius: () => 1,
  k: () => 2,
  kind: (_, subject) => (subject instanceof SquareGrid ? Sheep : subject instanceof HexGrid ? Bee : Person),
  type: () => Sheep,
  rng: () => undefined,
  attributes: () => ({ since: 1 }),
  diagonal: () => 1,
  distance: () => 1,
  rowKind: () => 0,
  _world: () => undefined,
  topic: () => Said,
  message: () => ({ by: 'a reporter' }),
  handler: () => () => {},
  delay: () => 2,
  time: m => m.now + 2,
  period: () => 2,
  method: () => 'hear',
  payload: () => ({ plain: true }),
  handle: () => 1,
  f: () => () => 1,
  test: () => () => true,
  field: () => 'seen',
  n: () => 2,
  index: () => 1,
  value: () => 0.75,
  amount: () => 0.5,
  share: () => 0.1,
  low: () => 1,
  high: () => 2,
  p: () => 0.5,
  list: () => [1, 2, 3],
  name: () => 'weather',
  id: () => 2,
  key: () => 'Sheep-2',
  reason: () => 'a reporter asked for it',
  tap: () => () => {},
  now: m => m.now + 1,
}

/** Where the parameter's name is not enough. */
const byMethod: Record<string, (m: Estate, subject: object) => unknown[]> = {
  select: (_, subject) => [subject instanceof Layer ? (value: number) => value > 0.5 : { atMost: 2 }],
  ask: () => ['weather', { plain: true }, 'hear'],
  spawn: () => [Sheep],
  agentsOf: () => [Bird],
  onAgentFailure: m => [m.flock.at(1), new Error('a reporter said so')],
  receive: () => [{ kind: 'news' }],
  input: () => [{ kind: 'change', key: 'warmth', value: 2 }],
  change: () => ['warmth', 2],
  topicNamed: () => ['looking-said'],
  has: (m, subject) => [subject instanceof AgentSet ? m.flock.at(1) : 1],
  at: (m, subject) => (subject instanceof Agent || subject instanceof Model ? [m.now + 2, 'hear'] : [1]),
  tick: m => [{ time: m.now + 1, step: true, inputs: [] }],
  table: () => ['model'],
  run: () => [{ steps: 1 }],
  addEdge: () => [0, 2],
  move: (m, subject) =>
    subject instanceof Plane
      ? [m.plane && agentFor(m, subject, false), 1, 1]
      : [agentFor(m, subject, false), freeCell(m, subject)],
  moveTo: (m, subject) => [agentFor(m, subject, false), ...freePlace(m, subject)],
  placeAt: (m, subject) => [agentFor(m, subject, true), ...freePlace(m, subject)],
  suspend: m => [m.flock.at(2)],
  connect: m => [m.agentsOf(Person).at(1), m.agentsOf(Person).at(2)],
  disconnect: m => [m.agentsOf(Person).at(1), m.agentsOf(Person).at(2)],
  look: () => [(m: Estate) => m.weather.float()],
  aggregate: () => [(sheep: Sheep) => sheep.seen, (values: Float64Array) => values.length],
  union: m => [m.flock],
  intersection: m => [m.flock],
  difference: m => [m.flock],
  set: (_, subject) => (subject instanceof AgentSet ? [{ seen: 7 }] : [4, 0.75]),
  randomWeighted: () => [() => 1],
  quantile: () => [0.5, (sheep: Sheep) => sheep.seen],
  poisson: () => [3],
  gamma: () => [2],
  beta: () => [2, 3],
  multivariateNormal: () => [
    [0, 1],
    [
      [1, 0.5],
      [0.5, 1],
    ],
  ],
  pickWeighted: () => [
    [1, 2],
    [1, 2],
  ],
}
for (const plans of ['after', 'every', 'at']) {
  const time = byMethod[plans]
  byMethod[plans] = (m, subject) => (subject instanceof Model ? [m.now + 2, 'finish'] : (time?.(m, subject) ?? [2, 'hear']))
}

function agentFor(m: Estate, subject: object, spare: boolean): Being | undefined {
  const type = subject === m.hive ? Bee : subject === m.plane ? Bird : subject === m.town ? Person : Sheep
  return m.agentsOf<Being>(type).at(spare ? 0 : 2)
}

function other(m: Estate, subject: object): unknown {
  return m.agentsOf<Being>(subject === m.plane ? Bird : Sheep).at(3)
}

function freeCell(m: Estate, subject: object): number {
  if (subject !== m.hive) return 5
  for (let cell = 0; ; cell++) if (m.hive.isEmpty(cell)) return cell
}

function freePlace(m: Estate, subject: object): [number, number] {
  const cell = freeCell(m, subject)
  return subject === m.hive ? [m.hive.xOf(cell), m.hive.yOf(cell)] : [cell, 0]
}

/** A call of one method or getter of one of the subjects. */
interface Attempt {
  readonly subject: SubjectName
  readonly method: string
}

/** Every public method and getter of every subject, found on its prototypes. */
function attempts(): Attempt[] {
  const sim = begun()
  return Object.entries(subjects).flatMap(([subject, get]) =>
    publicMethods(get(sim.model, sim as Simulation<Estate>)).map(method => ({ subject: subject as SubjectName, method })),
  )
}

function publicMethods(object: object): string[] {
  const names = new Set<string>()
  for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at))
      if (
        name !== 'constructor' &&
        !name.startsWith('_') &&
        !byResumeAlone.has(name) &&
        !hiddenMembers.has(`${at.constructor.name}.${name}`)
      )
        names.add(name)
  return [...names].sort()
}

/** The parameters that a call must give. */
function parametersOf(f: (...args: never[]) => unknown): string[] {
  const text = f.toString()
  const list = text.slice(text.indexOf('(') + 1)
  return (list.match(/^[^)]*/)?.[0] ?? '')
    .split(',')
    .slice(0, f.length)
    .map(name => name.trim())
}

function argumentsOf(m: Estate, subject: object, method: string, f: (...args: never[]) => unknown): unknown[] {
  if (Object.hasOwn(byMethod, method)) return byMethod[method]?.(m, subject) ?? []
  return parametersOf(f).map(name => {
    const make = Object.hasOwn(byParameter, name) ? byParameter[name] : undefined
    if (make === undefined) throw new Error(`Say in this test what ${method}() is given as "${name}".`)
    return make(m, subject, method)
  })
}

function call({ subject: name, method }: Attempt, m: Estate, sim: Simulation<Estate>): unknown {
  const subject = subjects[name](m, sim)
  const value = (subject as unknown as Record<string, unknown>)[method]
  if (typeof value !== 'function') return value
  const f = value as (...args: unknown[]) => unknown
  const result = f.apply(subject, argumentsOf(m, subject, method, f as never))
  // A generator does nothing before it is asked.
  if (typeof result === 'object' && result !== null && Symbol.iterator in result) return [...(result as Iterable<unknown>)]
  return result
}

function begun(collect: object = {}, checkLooking = false): Simulation<Estate> {
  return simulate(scenario(collect), { seed: 5, checkLooking, requestHandler: nullAnswers }) as unknown as Simulation<Estate>
}

const lookAt = 3
const steps = 9
/** As in the run with a reporter, so that both are one scenario. */
const silent = { model: { nothing: () => 0 } }

function digestOf(sim: Simulation<Estate>): string {
  while (sim.model.steps < steps && sim.step());
  return sim.digest
}

const alone = digestOf(begun(silent))

/** A run with a reporter that makes the attempt once. */
function looked(attempt: Attempt, checkLooking: boolean): { digest: string } | { error: Error } {
  const holder: { sim?: Simulation<Estate> } = {}
  const reporter = (m: Estate) => {
    if (m.steps === lookAt) call(attempt, m, holder.sim as Simulation<Estate>)
    return 0
  }
  const sim = begun({ model: { nothing: reporter } }, checkLooking)
  holder.sim = sim
  try {
    return { digest: digestOf(sim) }
  } catch (error) {
    return { error: error as Error }
  }
}

describe('a reporter', () => {
  it.each(attempts())('D4: makes no other run by $method of $subject', attempt => {
    const acting = begun(silent)
    acting.run({ steps: lookAt })
    // In a step the call is a sensible one, so that what refuses it below is the look.
    call(attempt, acting.model, acting)

    const outcome = looked(attempt, false)
    if ('error' in outcome && outcome.error.message.includes('only look')) return
    const checked = looked(attempt, true)
    if ('digest' in outcome && outcome.digest === alone) return expect(checked).toEqual({ digest: alone })
    // A draw is put back or refused, whether or not anybody checks.
    expect(attempt).not.toEqual(expect.objectContaining({ method: expect.stringMatching(/^(random|sample|shuffle)/) }))
    expect(attempt.subject).not.toContain('stream')
    // It made another run. With the check it is named, and what it changed.
    expect(checked).toHaveProperty('error')
    const { error } = checked as { error: Error }
    expect(error).toBeInstanceOf(OperatorError)
    expect(error.message).toMatch(/^column "nothing" of table "model" at step 3 changed [\w\-.[\] ]+: expected/)
  })

  it('D4: that changes something is told what', () => {
    const told = (method: string, subject: SubjectName) => {
      const outcome = looked({ method, subject }, true)
      return 'error' in outcome ? /changed (.*?):/.exec(outcome.error.message)?.[1] : undefined
    }
    expect(told('hear', 'agent')).toBe('Sheep-2.seen')
    expect(told('walk', 'square grid')).toBe('model.grid')
    expect(told('set', 'layer')).toBe('model.grass.data[4]')
    expect(told('addEdge', 'network')).toBe('model.town')
  })
})
