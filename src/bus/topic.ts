/** A topic: a named, typed stream of readonly facts. The same name is the channel on Redis. */

import { OperatorError } from '../core/index.js'
import type { Fields, Shape } from './shape.js'

/** Where a topic is delivered: to every listener, to the processes of one run, or to every listener per member of a family. */
export type Scope = 'public' | 'inner' | Family

/** A topic with a member for each value of a field of its messages; `of` names the list of these values. */
export interface Family {
  readonly per: string
  readonly of: string
}

/** What every topic may say of its messages. */
export interface Behaviour<T> {
  /** Facts enter the digest: what a run decided. A function gives the message's canonical form, where not all of it was decided. */
  fact?: boolean | OfMessage<T, unknown>
  /** Why a message may not be published, or undefined where it may. A refused message is counted and its publisher named. */
  check?: OfMessage<T, string | undefined>
}

/** A topic that stays in its process needs no shape. */
export interface TopicOptions<T = never> extends Behaviour<T> {
  scope?: undefined
  shape?: Fields<T>
  /** A record is shown to collectors alone: no agent may subscribe, and it is not counted as a message. */
  record?: boolean
}

/** A topic that leaves its process says what its messages look like. */
export interface SharedTopicOptions<T> extends Behaviour<T> {
  scope: Scope
  shape: Fields<T>
}

interface KeptOptions<T> extends Behaviour<T> {
  scope?: Scope | undefined
  shape?: Readonly<Record<string, Shape>>
  record?: boolean
}

/** A function of a message; declared as a method, so that any topic is a `Topic<unknown>` to those who only look. */
export type OfMessage<T, R> = { of(message: T): R }['of']

/** `MarketData` is a family; `MarketData.at('SOLUSD')` is its member `market-data:SOLUSD`. */
export class Topic<T> {
  /** Type only: ties `publish` and `subscribe` to the payload. */
  declare readonly payload: T
  private readonly members = new Map<string, Topic<T>>()
  readonly fact: boolean
  /** What of a message enters the digest. */
  readonly factOf: OfMessage<T, unknown>
  readonly check: OfMessage<T, string | undefined> | undefined
  /** Undefined: it stays in its process. */
  readonly scope: Scope | undefined
  /** True where only collectors are shown its messages. */
  readonly record: boolean
  /** What a message looks like; plain data. */
  readonly shape: Shape | undefined

  /** @internal Topics are made by `topic`. */
  constructor(
    readonly name: string,
    private readonly options: KeptOptions<T> = {},
    readonly family: Topic<T> | undefined = undefined,
  ) {
    const { scope, shape, fact, check, record = false } = options
    if (name === '') throw new OperatorError({ what: 'topic name', expected: 'a non-empty string', got: name })
    if (scope !== undefined && shape === undefined)
      throw new OperatorError({ what: `topic "${name}"`, expected: 'a shape, as it leaves its process', got: 'none' })
    this.fact = fact !== undefined && fact !== false
    this.factOf = typeof fact === 'function' ? fact : message => message
    this.check = check
    this.record = record
    this.scope = scope
    this.shape = shape && { kind: 'record', fields: shape }
  }

  /** The member for a key, one object per key for ever. */
  at(key: string): Topic<T> {
    let member = this.members.get(key)
    if (member === undefined) {
      member = new Topic<T>(`${this.name}:${key}`, this.options, this)
      this.members.set(key, member)
    }
    return member
  }
}

/** Declares a topic: a name and the type of its messages. The same name is the channel between processes. */
export function topic<T>(name: string, options?: TopicOptions<T> | SharedTopicOptions<T>): Topic<T> {
  return new Topic<T>(name, options as KeptOptions<T> | undefined)
}
