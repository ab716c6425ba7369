/** What the tables of a run hold, read from the scenario's `collect`: their names, their columns, and what a cell of each may be. */

import type { Cell, Row } from '../core/index.js'

/** Tables by name, each as a row of it. `Tables` itself is of a scenario that is not known: any table, with any columns. */
export type Tables = Record<string, Row>

declare const held: unique symbol

/** What is known of something in its type alone: nothing holds it at run time. */
export interface Holds<T> {
  readonly [held]?: T
}

// The types below are written as `{ of: … }['of']`, so that an editor shows what they come to and not their names.
type Filled<V> = { of: undefined extends V ? Exclude<V, undefined> | null : V }['of']

/** What a cell holds, by its reporter: what the function gives, and null where it gives undefined. */
type CellOf<R> = R extends (subject: never) => infer V
  ? Filled<V>
  : R extends { read: (subject: never) => infer V }
    ? Filled<V>
    : Cell

type Plain<T> = { of: { [K in keyof T]: T[K] } }['of']

type OfReporters<R, Own = { step: number }> = Plain<Own & { [N in keyof R]: CellOf<R[N]> }>

/** The reporters of one type of agents, given plainly or with an occasion. */
type ReportersIn<S> = S extends { columns: infer R extends object }
  ? R extends { read: unknown }
    ? S
    : R extends (subject: never) => unknown
      ? S
      : R
  : S

type Part<K, N extends string> = N extends keyof K ? NonNullable<K[N]> : object

type RosterRow = { of: { step: number; id: number; key: string; type: string; ordinal: number } }['of']

/** The tables that a `collect` makes, as `sim.table` knows them; any, where there is no `collect` or its type says nothing. */
export type TablesOf<K> = [keyof K] extends [never] ? Tables : TablesIn<K>

type TablesIn<K> = Plain<
  { [N in 'model' & keyof K]: OfReporters<Part<K, N>> } & {
    [T in keyof Part<K, 'agents'> & string as `agents:${T}`]: OfReporters<
      ReportersIn<NonNullable<Part<K, 'agents'>[T]>>,
      { step: number; id: number }
    >
  } & {
    [N in keyof Part<K, 'messages'> & string]: Part<K, 'messages'>[N] extends Holds<infer R extends object>
      ? OfReporters<R>
      : Row
  } & { [N in 'roster' & keyof K as K[N] extends false ? never : N]: RosterRow }
>
