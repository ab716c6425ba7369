/** Requests to the world outside (vector search, embedding, HTTP): made in one tick, answered by an input of a later tick. */

import { assert } from '../core/index.js'

export const limits = {
  /** Requests that may wait at one time. Beyond it the oldest is dropped and counted. */
  pendingRequests: 10_000,
} as const

/** A request of an agent that waits for its answer. */
export interface Request {
  readonly id: number
  readonly target: object
  readonly kind: string
  /** Plain data. */
  readonly payload: unknown
  /** The target's method that takes the answer. */
  readonly method: string
  readonly askedAt: number
}

/** The requests that wait, for a world that answers them; an answer is an input of a later tick. */
export interface WaitingRequests {
  readonly size: number
  /** All that wait, oldest first. */
  waiting(): readonly Request[]
}

export class Requests implements WaitingRequests {
  private readonly pending = new Map<number, Request>()
  private nextId = 1
  readonly counters = { asked: 0, answered: 0, unknown: 0, dropped: 0 }

  get size(): number {
    return this.pending.size
  }

  add(request: Omit<Request, 'id'>): number {
    const id = this.nextId++
    this.pending.set(id, { ...request, id })
    this.counters.asked++
    if (this.pending.size > limits.pendingRequests) this.dropOldest()
    return id
  }

  /** Takes a request out to be answered; undefined for one that is unknown or was answered before. */
  take(id: number): Request | undefined {
    const request = this.pending.get(id)
    if (request === undefined) this.counters.unknown++
    else this.counters.answered++
    this.pending.delete(id)
    return request
  }

  /** The oldest waiting request. */
  oldest(): Request | undefined {
    for (const request of this.pending.values()) return request
    return undefined
  }

  /** All that wait, oldest first. */
  waiting(): Request[] {
    return [...this.pending.values()]
  }

  saveState(): unknown {
    return { nextId: this.nextId, pending: this.waiting(), counters: { ...this.counters } }
  }

  loadState(state: unknown): void {
    const { nextId, pending, counters } = state as { nextId: number; pending: Request[]; counters: Requests['counters'] }
    this.pending.clear()
    for (const r of pending) this.pending.set(r.id, r)
    this.nextId = nextId
    Object.assign(this.counters, counters)
  }

  private dropOldest(): void {
    const oldest = this.oldest()
    assert(oldest !== undefined, 'a full list of requests has an oldest one')
    this.pending.delete(oldest.id)
    this.counters.dropped++
  }
}
