/** A topic: a named, typed stream of readonly facts. The same name is the channel on Redis. */

import { OperatorError } from '../core/index.js'

export interface TopicOptions<T = never> {
  /** Facts enter the digest: what a run decided. A function gives the message's canonical form, where not all of it was decided. */
  fact?: boolean | OfMessage<T, unknown>
  /** Why a message may not be published, or undefined where it may. A refused message is counted and its publisher named. */
  check?: OfMessage<T, string | undefined>
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

  constructor(
    readonly name: string,
    private readonly options: TopicOptions<T> = {},
    readonly family: Topic<T> | undefined = undefined,
  ) {
    if (name === '') throw new OperatorError({ what: 'topic name', expected: 'a non-empty string', got: name })
    this.fact = options.fact !== undefined && options.fact !== false
    this.factOf = typeof options.fact === 'function' ? options.fact : message => message
    this.check = options.check
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
export function topic<T>(name: string, options?: TopicOptions<T>): Topic<T> {
  return new Topic<T>(name, options)
}
