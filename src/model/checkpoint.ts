/** The state of model, agents, streams, queue and requests as canonical bytes, and back, without a constructor. */

import {
  ByteReader,
  ByteWriter,
  CorruptBytes,
  type EncodingForm,
  GraphDecoder,
  GraphEncoder,
  OperatorError,
  type References,
  type Stream,
  type Trace,
} from '../core/index.js'
import { Status } from '../scheduler/index.js'
import { Agent, type AgentClass, kernelFields } from './agent.js'
import { restoration } from './agent-set.js'
import type { Quarantined } from './failures.js'
import { type FieldsOf, fieldsIn } from './fields.js'
import type { Kernel } from './kernel.js'
import { modelBase } from './model.js'
import { isAwaited } from './planning.js'
import type { AgentType } from './population.js'

/** Numbers of outside objects: 0 the model, agents by id, the living sets of types from here on. */
const firstSet = 2 ** 31

interface TypeRecord {
  name: string
  nextOrdinal: number
  ids: Uint32Array
  ordinals: Uint32Array
}

interface Header {
  kinds: TypeRecord[]
  /** Removed agents that living ones still refer to. */
  ghosts: { kind: string; id: number; ordinal: number }[]
  idle: number[]
}

/** `_home` is saved as `home`, its older name, which digests depend on; a `home` of the user's own is saved as `_home`. */
const savedNames: ReadonlyMap<string, string> = new Map([
  ['_home', 'home'],
  ['home', '_home'],
])

/** Finds an agent class by its saved name. */
export type ClassNamed = (name: string) => AgentClass | undefined

/**
 * Bytes of everything that decides how the run continues. The canonical form knows agents and the model by what their fields hold,
 * not by how a compiler lays fields out: it has them in the order of their names, without those that are undefined. The exact
 * form keeps order and undefined. Throws `NotSaveable` naming type and field.
 */
export function encodeState(kernel: Kernel, form: EncodingForm = 'canonical'): Uint8Array {
  const { body, types, ghosts } = kernel.asTheRunLeftIt(() => encodeBody(kernel, form))
  const out = new GraphEncoder()
  out.value(headerOf(types, ghosts))
  out.out.raw(body.written())
  return out.out.copy()
}

/**
 * The path of the first thing in which a run's state differs from another's, such as `Person-3.wealth`. `other`: what `encodeState`
 * wrote of that one, in the same form. Undefined where they do not differ.
 */
export function firstDifference(kernel: Kernel, other: Uint8Array, form: EncodingForm): string | undefined {
  const state = encodeState(kernel, form)
  const at = firstDifferentByte(state, other, 0)
  return at < 0 ? undefined : kernel.asTheRunLeftIt(() => pathAt(kernel, state, other, at, form))
}

function pathAt(kernel: Kernel, state: Uint8Array, other: Uint8Array, byte: number, form: EncodingForm): string {
  const header = state.length - encodeBody(kernel, form).body.length
  if (byte < header) return 'which agents live and act'
  const trace: Trace = { at: byte - header, path: 'the state' }
  encodeBody(kernel, form, trace)
  if (trace.fieldsFrom === undefined) return trace.path
  // There is a field more: the first name that differs is its own. Or there is one less, which is not there to be named.
  const hasMore = (state[byte] as number) > (other[byte] as number)
  const next = hasMore ? firstDifferentByte(state, other, header + trace.fieldsFrom) : -1
  return next < 0 ? `the fields of ${trace.path}` : pathAt(kernel, state, other, next, form)
}

/** The first from a byte on; −1 where there is none. */
function firstDifferentByte(a: Uint8Array, b: Uint8Array, from: number): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = from; i < shorter; i++) if (a[i] !== b[i]) return i
  return a.length === b.length ? -1 : shorter
}

/** All but the header, which lists the agents. */
function encodeBody(kernel: Kernel, form: EncodingForm, trace?: Trace) {
  const { model } = kernel
  const types = [...kernel.population.types.values()]
  const ghosts: Agent[] = []
  const encoder = new GraphEncoder(new ByteWriter(), outsideObjects(kernel, types, ghosts), form, trace)
  const fieldsOf = fieldsIn(form, kernelFields)
  encoder.fields(model, fieldsIn(form, modelBase.written)(model), 'model')
  for (const { set } of types) for (const agent of set) encodeAgent(encoder, agent, fieldsOf)
  encoder.value([...kernel.streams], 'streams')
  encoder.value(
    kernel.queue.saveState(event => isAwaited(event.target)),
    'event',
  )
  encoder.value(kernel.requests.saveState(), 'request')
  encoder.value(kernelNumbers(kernel), 'kernel')
  // Written last: events, requests and removed agents may refer to further removed agents.
  for (let i = 0; i < ghosts.length; i++) encodeAgent(encoder, ghosts[i] as Agent, fieldsOf)
  return { body: encoder.out, types, ghosts }
}

/** Fills a fresh kernel and its model from what `encodeState` wrote. */
export function decodeState(kernel: Kernel, bytes: Uint8Array, classNamed: ClassNamed): void {
  const reader = new ByteReader(bytes)
  const header = new GraphDecoder(reader).value() as Header
  const agents = new Map<number, Agent>()
  for (const record of header.kinds) reviveType(kernel, record, classNamed, agents)
  const living = [...agents.values()]
  const ghosts = header.ghosts.map(g => shell(kernel, typeNamed(kernel, g.kind, classNamed), g.id, g.ordinal, false))
  for (const ghost of ghosts) agents.set(ghost.id, ghost)
  for (const id of header.idle) setIdle(kernel, agents.get(id))
  const decoder = new GraphDecoder(reader, insideObjects(kernel, header, agents))
  restoration.during(kernel, () => {
    decoder.fields(kernel.model)
    for (const agent of living) decoder.fields(agent, savedNames)
    readKernel(kernel, decoder)
    for (const ghost of ghosts) decoder.fields(ghost, savedNames)
  })
  if (!reader.done) throw new CorruptBytes(`The checkpoint has bytes after its end at byte ${reader.at}.`)
}

function headerOf(types: readonly AgentType[], ghosts: readonly Agent[]): Header {
  const idle: number[] = []
  const records = types.map(({ name, nextOrdinal, set }) => {
    const all = set.toArray()
    for (const a of all) if (a.idle) idle.push(a.id)
    return { name, nextOrdinal, ids: Uint32Array.from(all, a => a.id), ordinals: Uint32Array.from(all, a => a.ordinal) }
  })
  return { kinds: records, ghosts: ghosts.map(g => ({ kind: g.type, id: g.id, ordinal: g.ordinal })), idle }
}

function encodeAgent(encoder: GraphEncoder, agent: Agent, fieldsOf: FieldsOf): void {
  const keys = fieldsOf(agent)
  if (agent._draws !== 0) keys.push('_draws')
  if (agent._home !== undefined) keys.push('_home', '_spot')
  encoder.fields(agent, keys, agent.key, savedNames)
}

function outsideObjects(kernel: Kernel, types: readonly AgentType[], ghosts: Agent[]): References {
  const sets = new Map<object, number>(types.map(({ set }, i) => [set, firstSet + i]))
  const known = new Set<Agent>()
  return {
    numberOf(object) {
      if (object instanceof Agent) {
        if (!object.alive && !known.has(object)) {
          known.add(object)
          ghosts.push(object)
        }
        return object.id
      }
      return object === kernel.model ? 0 : sets.get(object)
    },
    find() {
      throw new OperatorError({ what: 'an encoder', next: 'Only a decoder finds references.' })
    },
  }
}

function insideObjects(kernel: Kernel, header: Header, agents: ReadonlyMap<number, Agent>): References {
  const sets = header.kinds.map(k => kernel.population.types.get(k.name)?.set)
  return {
    numberOf: () => undefined,
    find(number) {
      const object = number === 0 ? kernel.model : number >= firstSet ? sets[number - firstSet] : agents.get(number)
      if (object === undefined)
        throw new OperatorError({ what: 'checkpoint', expected: 'references to what it holds', got: number })
      return object
    },
  }
}

function typeNamed(kernel: Kernel, name: string, classNamed: ClassNamed): AgentType {
  const known = kernel.population.types.get(name)
  if (known !== undefined) return known
  const type = classNamed(name)
  if (type === undefined)
    throw new OperatorError({
      what: `checkpoint holds agents of type "${name}", which the scenario does not declare`,
      next: `Name its class: defineScenario({ agents: { ${name} } }).`,
    })
  return kernel.population.typeOf(type)
}

function reviveType(kernel: Kernel, record: TypeRecord, classNamed: ClassNamed, agents: Map<number, Agent>): void {
  const type = typeNamed(kernel, record.name, classNamed)
  type.nextOrdinal = record.nextOrdinal
  type.spawned = true
  record.ids.forEach((id, i) => {
    const agent = shell(kernel, type, id, record.ordinals[i] ?? 0, true)
    type.set.add(agent)
    agents.set(id, agent)
  })
}

/** An agent without its class's fields, with the same layout as from `Agent`'s constructor, which does not run. */
function shell({ model }: Kernel, { type }: AgentType, id: number, ordinal: number, alive: boolean): Agent {
  const agent = Object.create(type.prototype) as Agent
  const _status = alive ? Status.active : Status.removed
  return Object.assign(agent, { id, _home: undefined, _spot: -1, model, ordinal, _draws: 0, _status })
}

function setIdle(kernel: Kernel, agent: Agent | undefined): void {
  if (agent === undefined) return
  agent._status = Status.quarantined
  kernel.population.someSuspended = true
}

function kernelNumbers(kernel: Kernel): unknown {
  return {
    now: kernel.clock.now,
    steps: kernel.clock.steps,
    nextId: kernel.population.nextId,
    stopReason: kernel.stopReason ?? null,
    quarantined: kernel.quarantined.map(q => ({ ...q })),
    counters: { ...kernel.bus.counters },
  }
}

function readKernel(kernel: Kernel, decoder: GraphDecoder): void {
  kernel.streams.clear()
  for (const [name, rng] of decoder.value() as [string, Stream][]) kernel.streams.set(name, rng)
  kernel.order = kernel.stream('order')
  kernel.queue.loadState(decoder.value())
  kernel.requests.loadState(decoder.value())
  const numbers = decoder.value() as {
    now: number
    steps: number
    nextId: number
    stopReason: string | null
    quarantined: Quarantined[]
    counters: Kernel['bus']['counters']
  }
  kernel.clock.now = numbers.now
  kernel.clock.steps = numbers.steps
  kernel.population.nextId = numbers.nextId
  kernel.stopReason = numbers.stopReason ?? undefined
  kernel.failures.quarantined.push(...numbers.quarantined)
  Object.assign(kernel.bus.counters, numbers.counters)
}
