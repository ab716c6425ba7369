/** What a check is: a promise, the runs it needs, and its verdict in figures. */

import type { SwarmFigures, SwarmTask } from './swarm-run.js'

export interface Verdict {
  readonly kept: boolean
  /** The figures in a sentence or two, for the table. */
  readonly says: string
  /** Everything measured, as plain data. */
  readonly figures: Record<string, unknown>
  /** Seeds and other inputs a repetition needs. */
  readonly inputs: Record<string, unknown>
  /** A page of its own beside the summary. */
  readonly page?: { readonly name: string; readonly text: string }
}

export interface CheckContext {
  /** Makes the runs, on all workers; a run made before is not made again. */
  runs(label: string, tasks: readonly SwarmTask[]): Promise<SwarmFigures[]>
  /** At most so many seeds; a check with fewer than it promises is a reduced one. */
  readonly seedLimit: number
  /** Shorter stretches where a check has no seeds to reduce. */
  readonly quick: boolean
  /** Tells the reader something meanwhile. */
  note(text: string): void
}

export interface Check {
  readonly name: string
  readonly promise: string
  /** How it is measured, in a sentence. */
  readonly measured: string
  run(context: CheckContext): Promise<Verdict>
}

/** 1 … n, as many as the context allows. */
export function seeds(context: CheckContext, n: number, first = 1): number[] {
  return Array.from({ length: Math.min(n, context.seedLimit) }, (_, i) => first + i)
}

/** A figure for people: four significant digits at most. */
export function brief(x: number): string {
  if (Number.isInteger(x)) return String(x)
  return String(Number(x.toPrecision(4)))
}

/** A fraction in basis points. */
export function bp(x: number): string {
  return `${(x * 1e4).toFixed(1)} bp`
}

export function percent([low, high]: readonly [number, number]): string {
  return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %`
}
