/** A moat source: its address, its rate limit, and how each stream's value is read from a response. */

import type { TimeMs } from '../../core/index.js'
import type { Moat } from '../../market/index.js'

/** One request whose response holds the values of one or several streams. */
export interface MoatQuestion {
  /** Path and query after the source's address. */
  path(now: TimeMs): string
  /** The streams' values; undefined where the response does not hold a finite number. Never throws. */
  read(answer: unknown): Readonly<Record<string, number | undefined>>
}

export interface MoatSource {
  readonly name: string
  readonly moat: Moat
  /** The public address, and the variable that points elsewhere. */
  readonly url: string
  readonly env: string
  /** Least time between two requests, and between two rounds of all requests. */
  readonly intervalMs: number
  readonly pollMs: number
  readonly headers?: Readonly<Record<string, string>>
  readonly questions: readonly MoatQuestion[]
}

/** The value at a path of keys, where it is a finite number. */
export function numberAt(answer: unknown, ...path: readonly (string | number)[]): number | undefined {
  let at = answer
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string | number, unknown>)[key]
  }
  return typeof at === 'number' && Number.isFinite(at) ? at : undefined
}

/** `2026-01-31`, UTC. */
export function dayOf(time: TimeMs): string {
  return new Date(time).toISOString().slice(0, 10)
}
