/** The population: the types of agents, their births and removals, and which agents are not called here. */

import { hashName, OperatorError } from '../core/index.js'
import { Status } from '../scheduler/index.js'
import { Agent, type AgentClass, type AgentModel, agentBase, agentBirth, type Birth } from './agent.js'
import { AgentSet, type SetHost } from './agent-set.js'
import { explainMissingSuper } from './construction-context.js'
import { refuseMistakenFields } from './given-fields.js'
import { refuseAsyncMethods } from './guard.js'
import { refusePrivateFields } from './private-fields.js'
import { refuseReservedFields, refuseReservedMethods } from './reserved-names.js'
import type { PopulationView } from './run-view.js'
import type { TypeNames } from './type-names.js'

/** Everything known of one type of agents. */
export interface AgentType {
  readonly name: string
  readonly type: AgentClass
  readonly set: AgentSet<Agent>
  /** Calls the constructor; made once, so that a birth makes no closure. */
  readonly make: () => Agent
  /** Whether the class overrides `wire()`. */
  readonly wires: boolean
  nextOrdinal: number
  /** Whether an agent was made and its fields were checked. */
  birthChecked: boolean
  /** Whether the names of given fields were compared with the class's own. */
  fieldsChecked: boolean
  /** Whether the model asked for its set, and whether it spawned any, be it none of them. */
  wanted: boolean
  spawned: boolean
}

/** What the population needs of the kernel. */
export interface PopulationHost extends SetHost {
  readonly names: TypeNames
  /** The model its agents belong to. */
  readonly model: AgentModel
  /** True while reporters look at the model. */
  readonly looking: boolean
  assertActing(what: string): void
  /** Calls `wire()`. */
  wire(target: { wire(): void }): void
  /** Ends an agent's subscriptions. */
  silence(agent: Agent): void
}

export class Population implements PopulationView {
  readonly types = new Map<string, AgentType>()
  private readonly typesByClass = new Map<AgentClass, AgentType>()
  /** The type used last: agents of one type are often made or removed in a row. */
  private lastType: AgentType | undefined
  /** Sets that have tombstones. */
  readonly tombstoned: { settle(): void }[] = []
  /** Removals and suspensions so far. While it does not change, every agent of an iteration is still active. */
  departures = 0
  /** True once an agent stays in its set and is not called. */
  someSuspended = false
  nextId = 1
  /** True from the first spawn of a type to the end of the tick. */
  private someBegun = false
  /** Called once in 65,536 births; it throws where the memory is full. */
  heapProbe: ((population: PopulationView) => void) | undefined
  private readonly birth: Birth = { model: undefined as unknown as AgentModel, id: 0, ordinal: 0, taken: false }

  constructor(
    private readonly host: PopulationHost,
    private readonly bus: { requestDrain(): void },
  ) {}

  get size(): number {
    let n = 0
    for (const { set } of this.types.values()) n += set.size
    return n
  }

  get born(): number {
    return this.nextId - 1
  }

  get sets(): ReadonlyMap<string, AgentSet<Agent>> {
    return new Map([...this.types].map(([name, { set }]) => [name, set]))
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.types].map(([name, { set }]) => [name, set.size]))
  }

  byId(id: number): Agent | undefined {
    for (const agent of this) if (agent.id === id) return agent
    return undefined
  }

  byKey(key: string): Agent | undefined {
    for (const agent of this) if (agent.key === key) return agent
    return undefined
  }

  /** Every living agent, type by type. */
  *[Symbol.iterator](): Iterator<Agent> {
    for (const { set } of this.types.values()) yield* set
  }

  typeOf(type: AgentClass): AgentType {
    const { lastType } = this
    return lastType !== undefined && lastType.type === type ? lastType : this.findType(type)
  }

  private findType(type: AgentClass): AgentType {
    const known = this.typesByClass.get(type) ?? this.newType(type)
    if (!this.host.looking) this.lastType = known
    return known
  }

  /** The living set of a type, for the model. */
  setOf(type: AgentClass): AgentSet<Agent> {
    const known = this.typeOf(type)
    known.wanted = true
    if (!known.spawned) this.refuseBaseOfOthers(known)
    return known.set
  }

  /** The set of a type holds no agents of its subclasses: a model that spawns them alone and asks for their base would find none. */
  private refuseBaseOfOthers(base: AgentType): void {
    for (const other of this.types.values())
      if (other.spawned && other.type.prototype instanceof base.type) throw emptyBase(base.name, other.name)
  }

  private newType(type: AgentClass): AgentType {
    if (typeof type !== 'function' || !(type.prototype instanceof Agent)) throw notAClass(type)
    const name = this.host.names.of(type)
    let known = this.types.get(name)
    if (known === undefined) {
      refuseReservedMethods(type, agentBase)
      refusePrivateFields(type, agentBase)
      refuseAsyncMethods(type, Agent.prototype)
      known = {
        name,
        type,
        set: new AgentSet<Agent>(this.host, [], true),
        make: () => new type(),
        wires: hasWire(type),
        nextOrdinal: 0,
        birthChecked: false,
        fieldsChecked: false,
        wanted: false,
        spawned: false,
      }
      if (this.host.looking) return known
      nameType(type, name)
      this.types.set(name, known)
      this.typesByClass.set(type, known)
    } else if (known.type !== type) {
      throw new OperatorError({ what: `two classes of agents are called "${name}"`, next: 'Give one of them a `static type`.' })
    }
    return known
  }

  spawn<A extends Agent>(n: number, type: AgentClass<A>, fieldsOf: ((i: number) => Partial<A>) | undefined): A[] {
    const known = this.typeOf(type)
    if (n !== n >>> 0) throw new OperatorError({ what: `spawn of ${known.name}`, expected: 'a count ≥ 0 and below 2³²', got: n })
    if (fieldsOf !== undefined && typeof fieldsOf !== 'function')
      throw noFields(known.name, 'a function that gives the fields of each', fieldsOf, `spawn(${n}, ${known.name}, i => ({ … }))`)
    if (!known.spawned) this.beginType(known)
    // The list gets its full length at once: a growing list leaves its old copies to the garbage collector.
    const born = new Array<A>(n)
    for (let i = 0; i < n; i++) born[i] = this.bear(known, fieldsOf?.(i)) as A
    if (known.wires) for (const agent of born) this.host.wire(agent)
    return born
  }

  spawnOne<A extends Agent>(type: AgentClass<A>, fields: Partial<A> | undefined): A {
    const known = this.typeOf(type)
    if (fields !== undefined && (typeof fields !== 'object' || fields === null)) {
      const written = typeof fields === 'number' ? `spawn(${String(fields)}, ${known.name})` : `spawn(${known.name}, { … })`
      throw noFields(known.name, 'an object of fields', fields, written)
    }
    if (!known.spawned) this.beginType(known)
    const agent = this.bear(known, fields) as A
    if (known.wires) this.host.wire(agent)
    return agent
  }

  private beginType(known: AgentType): void {
    this.host.assertActing(`spawn of ${known.name}`)
    known.spawned = true
    this.someBegun = true
  }

  private bear(known: AgentType, fields: object | undefined): Agent {
    const { birth, host } = this
    if (host.looking) host.assertActing(`spawn of ${known.name}`)
    birth.taken = false
    birth.model = host.model
    const id = this.nextId++
    birth.id = id
    if ((id & 0xffff) === 0) this.heapProbe?.(this)
    birth.ordinal = known.nextOrdinal++
    birth.taken = false
    const agent = known.birthChecked ? agentBirth.during(birth, known.make) : firstOf(known, birth)
    if (fields !== undefined) {
      if (!known.fieldsChecked) checkFirstFields(known, agent, fields)
      assign(agent, fields as Record<string, unknown>)
    }
    if (agent.id !== id) throw ownsIdentity(known.name)
    known.set.add(agent)
    agent._status = Status.active
    return agent
  }

  remove(agent: Agent): void {
    if (!agent.alive) return
    const { host } = this
    if (host.looking) host.assertActing(`remove() of ${agent.key}`)
    if (agent._status === Status.unspawned) throw notSpawned(agent)
    host.silence(agent)
    agent._home?.forget(agent)
    agent._status = Status.removed
    this.departures++
    this.bus.requestDrain()
    this.typeOf(agent.constructor as AgentClass).set.lose()
  }

  /** Stops calling an agent: another process runs it, or it failed. It keeps its place, its ordinal and its streams. */
  suspend(agent: Agent): void {
    if (agent.idle) return
    agent._status = Status.quarantined
    this.someSuspended = true
    this.departures++
    this.bus.requestDrain()
    this.host.silence(agent)
  }

  /** Looks at the types that were asked for, in a field perhaps and before any agent was there, once others are spawned. */
  private checkWanted(): void {
    this.someBegun = false
    for (const known of this.types.values()) if (known.wanted && !known.spawned) this.refuseBaseOfOthers(known)
  }

  /** Compacts the sets at the end of a tick. Tombstones change how often `random` draws, and a checkpoint does not save them. */
  settle(): void {
    if (this.someBegun) this.checkWanted()
    for (let set = this.tombstoned.pop(); set !== undefined; set = this.tombstoned.pop()) set.settle()
  }
}

function noFields(type: string, expected: string, got: unknown, written: string): OperatorError {
  return new OperatorError({ what: `the fields of a spawn of ${type}`, expected, got, next: `Write ${written}.` })
}

function emptyBase(base: string, other: string): OperatorError {
  return new OperatorError({
    what: `agentsOf(${base}) is empty: ${other} extends ${base}, and a set holds one type alone`,
    next: `Ask for agentsOf(${other}), or for agents of both types: this.agents.of(${base}). If there are to be some of ${base} later, write spawn(0, ${base}) in setup().`,
  })
}

function notAClass(got: unknown): OperatorError {
  return new OperatorError({
    what: 'a class of agents',
    expected: 'a class that extends Agent',
    got: got ?? String(got),
    next: 'Write spawn(Person) or spawn(10, Person). Where the class is undefined, its module may import the one that uses it.',
  })
}

/**
 * Makes the first agent of a class and checks it, fresh from its constructor. It is no `make` of its own that gives way to the plain one:
 * with two of them each dead simulation keeps the next one alive until the next full garbage collection, and short runs become slow.
 */
function firstOf(known: AgentType, birth: Birth): Agent {
  const { id, ordinal, model } = birth
  const agent = agentBirth.during(birth, () => madeBy(known.make, known.type, birth))
  const outside = { ...(agent._home === undefined && { _spot: -1 }), ...(agent._spot === -1 && { _home: undefined }) }
  refuseReservedFields(agent, { id, ordinal, model, ...outside }, agentBase)
  known.birthChecked = true
  return agent
}

/** Checks the first fields that a class is given, and no later ones. */
function checkFirstFields(known: AgentType, agent: Agent, fields: object): void {
  refuseMistakenFields(agent, fields, known.name)
  known.fieldsChecked = true
}

/** Calls a constructor for the first time. One without `super()` fails before an agent is made. */
function madeBy(make: () => Agent, type: AgentClass, birth: Birth): Agent {
  try {
    return make()
  } catch (error) {
    throw birth.taken ? error : explainMissingSuper(type.name, error)
  }
}

/** As Object.assign, but without its call into the engine. */
function assign(agent: Agent, fields: Record<string, unknown>): void {
  for (const name in fields) (agent as unknown as Record<string, unknown>)[name] = fields[name]
}

function hasWire(type: AgentClass): boolean {
  return type.prototype.wire !== Agent.prototype.wire
}

/**
 * Each class has a name separate from its parent's, so that a subclass never draws from its parent's streams. The name never
 * changes, so that two runs in one process do not rename each other's agents.
 */
function nameType({ prototype }: AgentClass, name: string): void {
  if (!Object.hasOwn(prototype, '_type'))
    Object.defineProperties(prototype, { _type: { value: name }, _family: { value: hashName(`agent:${name}`) } })
  else if (prototype._type !== name) throw renamed(prototype._type, name)
}

function renamed(before: string, name: string): OperatorError {
  return new OperatorError({
    what: `a class of agents that another scenario calls "${before}" is called "${name}"`,
    expected: 'one name in all scenarios',
    next: `Use the same name, or a subclass: class ${name} extends ${before} {}.`,
  })
}

function ownsIdentity(type: string): OperatorError {
  return new OperatorError({ what: `${type} sets its own id`, next: 'The kernel gives it: rename the field.' })
}

function notSpawned(agent: Agent): OperatorError {
  return new OperatorError({
    what: `remove() of ${agent.key}`,
    expected: 'an agent whose constructor has returned',
    next: 'Do not spawn it, or let it leave in `wire()`.',
  })
}
