/** An ordered set of agents, ascending in birth unless sorted or shuffled: what a step iterates, samples and measures. */

import {
  below,
  bestOf,
  OperatorError,
  type Rng,
  registerSaveable,
  type Saveable,
  unknownName,
  weightedPlace,
} from '../core/index.js'
import { Status } from '../scheduler/index.js'
import { byBirth, type FieldValues, memberOfId, quantileOf, setField } from './agent-measures.js'
import { constructionContext } from './construction-context.js'
import { inspected, showSet } from './show.js'

/** What a set needs of its members; `Agent` has it. */
export interface Member {
  /** Unique, ascending in order of birth. */
  readonly id: number
  readonly key: string
  /** False once removed. */
  readonly alive: boolean
  /** @internal */
  readonly _status: number
}

/** What a set needs of the kernel. */
export interface SetHost {
  /** The stream sets draw from when none is given. */
  readonly order: Rng
  readonly loop: {
    each(list: readonly Member[], n: number, f: (member: Member) => void, whole: boolean): void
    eachShuffled(list: readonly Member[], rng: Rng, f: (member: Member) => void, whole: boolean): void
  }
  readonly prefetch: { chosenFrom: readonly Member[] | undefined }
  readonly population: { readonly tombstoned: { settle(): void }[] }
}

/** @internal The kernel under restoration, for the sets its model keeps. */
export const restoration = constructionContext<SetHost>('Agent sets')

/** How a model's agents are called: in which order, and how often. */
export type Activation<A extends Member = Member> = (agents: AgentSet<A>) => void

/** Which to keep, and how many: the first ones, in the order of the set. */
export interface Selection<A> {
  where?: (agent: A) => boolean
  /** At most this many, a whole number. */
  atMost?: number
  /** At most this share of those that match, from 0 to 1, rounded down. */
  share?: number
}

/**
 * Agents in an order: the living set of a type (`model.agentsOf`), or what a method of another set gave. A derived set
 * never gains agents; it loses those that are removed.
 */
export class AgentSet<A extends Member = Member> implements Iterable<A>, Saveable {
  static readonly savedAs = 'AgentSet'
  /**
   * Removed agents stay as tombstones until the next compaction, so that removal is O(1) and order is kept. Within a tick the
   * array is only ever added to: a compaction makes a new one, so an iteration can continue over the old one.
   */
  private members: A[]
  private tombstones = 0
  /** Loops over the set that have not ended. An abandoned loop may outlive its tick. */
  private open = 0

  /** @internal */
  constructor(
    private readonly host: SetHost,
    members: A[] = [],
    /** True for the kernel's own set of a type, which grows and shrinks with the population. */
    readonly live = false,
  ) {
    this.members = members
  }

  get size(): number {
    return this.live ? this.members.length - this.tombstones : this.countAlive()
  }

  get length(): number {
    return this.size
  }

  /** The agents present when the loop begins, except those removed during it. */
  *[Symbol.iterator](): Iterator<A> {
    const { members } = this
    this.open++
    try {
      for (let i = 0, n = members.length; i < n; i++) {
        const a = members[i] as A
        if (a.alive) yield a
      }
    } finally {
      this.open--
    }
  }

  /** Calls `f` for each agent in order, draining the bus after each. It skips agents removed meanwhile and does not call those spawned meanwhile. */
  do(f: (agent: A) => void): this {
    if (typeof f !== 'function') throw noFunction('do', f, 'step', '()')
    const { host, members } = this
    host.loop.each(members, members.length, f as (member: Member) => void, this.isWhole)
    return this
  }

  /** As `do`, in a new random order. */
  shuffleDo(f: (agent: A) => void, rng: Rng = this.host.order): this {
    if (typeof f !== 'function') throw noFunction('shuffleDo', f, 'step', '()')
    if (typeof rng?.shuffle !== 'function') throw noStream('shuffleDo(f, rng)', rng)
    this.host.loop.eachShuffled(this.members, rng, f as (member: Member) => void, this.isWhole)
    return this
  }

  /** Those of one class (or its subclasses). */
  of<B extends A>(type: abstract new () => B): AgentSet<B> {
    if (typeof type !== 'function')
      throw new OperatorError({
        what: 'of(type) of an agent set',
        expected: 'a class of agents',
        got: type,
        next: 'Give it the class, not its name.',
      })
    return this.where((a): a is B => a instanceof type)
  }

  where<B extends A>(test: (agent: A) => agent is B): AgentSet<B>
  where(test: (agent: A) => boolean): AgentSet<A>
  where(test: (agent: A) => boolean): AgentSet<A> {
    if (typeof test !== 'function') throw noFunction('where', test, 'wealth', ' > 0')
    return this.derived(this.members.filter(a => a.alive && test(a)))
  }

  /** The first agents that match, up to the number and the share given: `{ atMost: 1 }` is one agent, `{ share: 1 }` is all. */
  select(selection: Selection<A>): AgentSet<A> {
    assertSelection(selection)
    const { where, atMost = Number.POSITIVE_INFINITY, share = 1 } = selection
    assertCount(atMost)
    assertShare(share)
    const matching = where === undefined ? this.toArray() : this.where(where).members
    return this.derived(matching.slice(0, Math.min(atMost, wholePart(share * matching.length))))
  }

  shuffled(rng: Rng = this.host.order): AgentSet<A> {
    if (typeof rng?.shuffle !== 'function') throw noStream('shuffled(rng)', rng)
    return this.derived(rng.shuffle(this.toArray()))
  }

  /** In the order of a key; ties in order of birth, NaN last. */
  sortBy(f: (agent: A) => number | string, order: 'ascending' | 'descending' = 'ascending'): AgentSet<A> {
    if (order !== 'ascending' && order !== 'descending') throw unknownName('order', String(order), ['ascending', 'descending'])
    if (typeof f !== 'function') throw noFunction('sortBy', f)
    const sign = order === 'ascending' ? 1 : -1
    const keyed = this.toArray().map(agent => ({ agent, key: f(agent) }))
    keyed.sort((x, y) =>
      x.key < y.key ? -sign : x.key > y.key ? sign : isNaNKey(x.key) - isNaNKey(y.key) || x.agent.id - y.agent.id,
    )
    return this.derived(keyed.map(k => k.agent))
  }

  groupBy<K>(f: (agent: A) => K): Map<K, AgentSet<A>> {
    if (typeof f !== 'function') throw noFunction('groupBy', f)
    const groups = new Map<K, A[]>()
    for (const a of this) {
      const key = f(a)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [a])
      else group.push(a)
    }
    return new Map([...groups].map(([key, members]) => [key, this.derived(members)]))
  }

  /** One agent, uniformly; throws on an empty set. */
  random(rng: Rng = this.host.order): A {
    const { members } = this
    if (!this.isWhole || members.length === 0) return this.randomLiving(rng)
    this.host.prefetch.chosenFrom = members
    return members[below(rng, members.length)] as A
  }

  /** `random` for a set that may hold tombstones. Separate, because V8 inlines only small functions. */
  private randomLiving(rng: Rng): A {
    const members = this.live ? this.members : this.withoutDead()
    if (this.size === 0)
      throw new OperatorError({
        what: 'random() of an empty agent set',
        expected: 'at least one agent',
        next: 'Check size first.',
      })
    for (;;) {
      const agent = members[rng.int(members.length)] as A
      if (agent._status !== Status.removed) return agent
    }
  }

  /** One agent, with probability in proportion to a finite number ≥ 0 of each. */
  randomWeighted(weight: (agent: A) => number, rng: Rng = this.host.order): A {
    if (typeof weight !== 'function') throw noFunction('randomWeighted', weight)
    const all = this.isWhole ? this.members : this.toArray()
    return all[weightedPlace(rng, all.length, i => weight(all[i] as A))] as A
  }

  /** `n` different agents, uniformly, in random order. */
  sample(n: number, rng: Rng = this.host.order): AgentSet<A> {
    const all = this.toArray()
    if (!Number.isInteger(n) || n < 0 || n > all.length)
      throw new OperatorError({
        what: `sample of ${all.length} agents`,
        expected: `a whole number from 0 to ${all.length}`,
        got: n,
        next: n > 0 && n < 1 ? `For a share of them say sample(Math.round(${n} * agents.size)).` : 'Look at size first.',
      })
    for (let i = 0; i < n; i++) {
      const j = i + rng.int(all.length - i)
      const t = all[i] as A
      all[i] = all[j] as A
      all[j] = t
    }
    all.length = n
    return this.derived(all)
  }

  map<R>(f: (agent: A) => R): R[] {
    if (typeof f !== 'function') throw noFunction('map', f)
    const { members } = this
    const out: R[] = []
    for (let i = 0, n = members.length; i < n; i++) {
      const a = members[i] as A
      if (a.alive) out.push(f(a))
    }
    return out
  }

  /** One field of every agent. */
  get<K extends keyof A>(field: K): A[K][] {
    return this.map(a => a[field])
  }

  /** One number of every agent, as doubles. */
  column(f: (agent: A) => number): Float64Array {
    if (typeof f !== 'function') throw noFunction('column', f)
    const out = new Float64Array(this.size)
    let n = 0
    for (const a of this.living()) out[n++] = f(a)
    return out
  }

  sum(f: (agent: A) => number): number {
    if (typeof f !== 'function') throw noFunction('sum', f)
    let total = 0
    for (const a of this.members) if (a.alive) total += f(a)
    return total
  }

  /** NaN of an empty set. */
  mean(f: (agent: A) => number): number {
    if (typeof f !== 'function') throw noFunction('mean', f)
    return this.sum(f) / this.size
  }

  /** Infinity of an empty set. */
  min(f: (agent: A) => number): number {
    if (typeof f !== 'function') throw noFunction('min', f)
    let least = Number.POSITIVE_INFINITY
    for (const a of this.members) if (a.alive) least = Math.min(least, f(a))
    return least
  }

  /** −Infinity of an empty set. */
  max(f: (agent: A) => number): number {
    if (typeof f !== 'function') throw noFunction('max', f)
    let most = Number.NEGATIVE_INFINITY
    for (const a of this.members) if (a.alive) most = Math.max(most, f(a))
    return most
  }

  /** The agent with the least number, of several the first in the order of the set; undefined of an empty set. NaN is never the least. */
  minOneOf(f: (agent: A) => number): A | undefined {
    if (typeof f !== 'function') throw noFunction('minOneOf', f)
    return bestOf(this.toArray(), f, -1)
  }

  /** The agent with the greatest number, of several the first in the order of the set; undefined of an empty set. */
  maxOneOf(f: (agent: A) => number): A | undefined {
    if (typeof f !== 'function') throw noFunction('maxOneOf', f)
    return bestOf(this.toArray(), f, 1)
  }

  /** What a function makes of one number of every agent: `agents.aggregate(a => a.wealth, gini)`. */
  aggregate<R>(f: (agent: A) => number, of: (values: Float64Array) => R): R {
    return of(this.column(f))
  }

  /** The number below which a share `q` of the agents' lies, 0 to 1, between two of them by a straight line (R's type 7); NaN of an empty set. */
  quantile(q: number, f: (agent: A) => number): number {
    return quantileOf(this.column(f), q)
  }

  median(f: (agent: A) => number): number {
    return this.quantile(0.5, f)
  }

  /** Gives fields of every agent a value, or what a function of the agent says: `set({ hungry: true, age: a => a.age + 1 })`. */
  set(fields: FieldValues<A>): this {
    const given = Object.entries(fields)
    for (const agent of this.toArray())
      for (const [field, value] of given) setField(agent, field, typeof value === 'function' ? value(agent) : value)
    return this
  }

  /** The agent of an id, or undefined where it is not in this set. */
  byId(id: number): A | undefined {
    return this.live ? memberOfId(this.members, id) : this.toArray().find(agent => agent.id === id)
  }

  /** Those in this set or the other, in order of birth. */
  union<B extends Member>(other: AgentSet<B>): AgentSet<A | B> {
    const both = new Set<A | B>([...this.toArray(), ...other.toArray()])
    return this.derived([...both].sort(byBirth))
  }

  /** Those in this set that are in the other too, in the order of this one. */
  intersection(other: AgentSet<Member>): AgentSet<A> {
    const others = new Set<Member>(other.toArray())
    return this.where(agent => others.has(agent))
  }

  /** Those in this set that are not in the other, in the order of this one. */
  difference(other: AgentSet<Member>): AgentSet<A> {
    const others = new Set<Member>(other.toArray())
    return this.where(agent => !others.has(agent))
  }

  count(test: (agent: A) => boolean): number {
    if (typeof test !== 'function') throw noFunction('count', test, 'wealth', ' > 0')
    let n = 0
    for (const a of this.members) if (a.alive && test(a)) n++
    return n
  }

  has(agent: A): boolean {
    if (typeof agent !== 'object' || agent === null)
      throw new OperatorError({
        what: 'has(agent) of an agent set',
        expected: agent === undefined ? 'an agent, not undefined' : 'an agent',
        got: agent,
        next: 'Give it one that spawn() made.',
      })
    return agent.alive && this.members.includes(agent)
  }

  /** The agent at a place in the order, from 0; a negative one counts from the end, as of arrays. Undefined beyond either end. */
  at(index: number): A | undefined {
    if (index % 1 !== 0)
      throw new OperatorError({
        what: 'at(index) of an agent set',
        expected: 'a whole number',
        got: index,
        next: 'For any agent say random().',
      })
    if (index < 0) index += this.size
    return this.tombstones === 0 && this.live ? this.members[index] : this.toArray()[index]
  }

  toArray(): A[] {
    return this.members.filter(a => a.alive)
  }

  /** `AgentSet of 20: Wolf-0, Wolf-1, Wolf-2, Wolf-3, Wolf-4, …`. */
  toString(): string {
    return showSet(this.toArray())
  }

  /** @internal */
  [inspected](): string {
    return String(this)
  }

  /** @internal */
  add(agent: A): void {
    const { members } = this
    // Not push: an array that begins empty begins as one of small numbers, and then a push is a call.
    members[members.length] = agent
  }

  /** @internal The members in their order, to be read at once and not kept. */
  living(): readonly A[] {
    return this.isWhole ? this.members : this.toArray()
  }

  /** @internal Notes that a member was removed; compacts when half are tombstones. */
  lose(): void {
    if (this.tombstones++ === 0) this.host.population.tombstoned.push(this)
    if (this.tombstones * 2 > this.members.length) this.compact()
  }

  /** @internal Drops the tombstones at the end of a tick, in place, so that not every step with a removal makes a new list. */
  settle(): void {
    if (this.tombstones === 0) return
    if (this.open > 0) return this.compact()
    const { members } = this
    let n = 0
    for (const a of members) {
      // Stored first and counted after: a branch on which are dead is mispredicted too often.
      members[n] = a
      n += Number(a.alive)
    }
    members.length = n
    this.tombstones = 0
  }

  /** Drops the tombstones, only at moments that the model's own actions decide, so that every run compacts at the same ones. */
  private compact(): void {
    this.members = this.toArray()
    this.tombstones = 0
  }

  /** A set the model keeps for itself: its members, in their order. */
  saveState(): unknown {
    return this.toArray()
  }

  loadState(state: unknown): void {
    Object.assign(this, { host: restoration.take(), members: state, tombstones: 0, open: 0, live: false })
  }

  /** True where every member is known to live. */
  private get isWhole(): boolean {
    // === true: the compiler does not know that a field is a boolean.
    return this.tombstones === 0 && this.live === true
  }

  private derived<B extends Member>(members: B[]): AgentSet<B> {
    return new AgentSet<B>(this.host, members)
  }

  /** The living members of a derived set. A checkpoint does not keep removed agents, so draws must not depend on them. */
  private withoutDead(): A[] {
    if (this.countAlive() < this.members.length) this.members = this.toArray()
    return this.members
  }

  private countAlive(): number {
    let n = 0
    for (const a of this.members) if (a.alive) n++
    return n
  }
}

function assertCount(atMost: number): void {
  if (atMost >= 0 && (atMost % 1 === 0 || atMost === Number.POSITIVE_INFINITY)) return
  throw new OperatorError({
    what: 'select({ atMost })',
    expected: 'a whole number ≥ 0',
    got: atMost,
    next: atMost > 0 && atMost < 1 ? `For a share of them say select({ share: ${atMost} }).` : 'Round it.',
  })
}

/** Another library's option, or a bare test, would select everybody without a word. */
function assertSelection(selection: object): void {
  const known = ['where', 'atMost', 'share']
  if (typeof selection === 'function')
    throw new OperatorError({
      what: 'select({ where, atMost, share })',
      expected: 'an object',
      got: selection,
      next: 'Write select({ where: … }), or where(…).',
    })
  const unknown = Object.keys(selection).find(name => !known.includes(name))
  if (unknown !== undefined) throw unknownName('option of select', unknown, known)
}

/** A field's or a method's name, or nothing, in the place of a function of an agent; `of` ends the example. */
function noFunction(method: string, got: unknown, example = 'wealth', of = ''): OperatorError {
  return new OperatorError({
    what: `${method}() of an agent set`,
    expected: 'a function of an agent',
    got: got ?? String(got),
    next: `Write ${method}(agent => agent.${typeof got === 'string' ? got : example}${of}).`,
  })
}

function noStream(call: string, got: unknown): OperatorError {
  return new OperatorError({
    what: `${call} of an agent set`,
    expected: 'a stream of random numbers',
    got: got ?? String(got),
    next: "Leave it out, or give it agent.rng, or stream('mine') of the model.",
  })
}

function assertShare(share: number): void {
  if (share >= 0 && share <= 1) return
  throw new OperatorError({
    what: 'select({ share })',
    expected: 'a number from 0 to 1',
    got: share,
    next: 'For a number of agents say select({ atMost: … }).',
  })
}

/** Counts a share of a number without rounding error: 0.57 × 100 is 57. */
function wholePart(x: number): number {
  return Math.floor(x * (1 + Number.EPSILON))
}

function isNaNKey(key: number | string): number {
  return typeof key === 'number' && Number.isNaN(key) ? 1 : 0
}

registerSaveable(AgentSet)
