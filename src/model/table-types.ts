/** What the tables of a run hold, read from the scenario's `collect`: their names, their columns, and what a cell of each may be. */

import type { Cell, Holds, Row } from '../core/index.js'

/** Tables by name, each as a row of it. `Tables` itself is of a scenario that is not known: any table, with any columns. */
export type Tables = Record<string, Row>

// The types below are written as `{ of: … }['of']`, so that an editor shows what they come to and not their names.

/** What a cell holds, by its reporter: what the function gives, and null where it gives undefined. */
export type CellOf<R> = R extends ((subject: never) => infer V) | { read: (subject: never) => infer V }
  ? { of: Extract<V, Cell> | (undefined extends V ? null : never) }['of']
  : Cell

/** A row of a table, by its reporters and the columns that the collector puts before theirs. */
export type RowOf<R, Own extends Row = { step: number }> = {
  of: { [N in keyof (Own & R)]: N extends keyof Own ? Own[N] : N extends keyof R ? CellOf<R[N]> : never }
}['of']

/** The reporters of one type of agents, given plainly or with an occasion. */
export type ReportersIn<S> = S extends { columns: infer R extends object }
  ? R extends { read: unknown } | ((subject: never) => unknown)
    ? S
    : R
  : S

/** The tables that a `collect` makes, as `sim.table` knows them; any, where there is no `collect` or its type says nothing. */
export type TablesOf<K> = [keyof K] extends [never]
  ? Tables
  : {
      of: {
        [T in TableName<K>]: T extends 'model'
          ? RowOf<Part<K, T>>
          : T extends `agents:${infer A}`
            ? RowOf<ReportersIn<Part<Part<K, 'agents'>, A>>, { step: number; id: number }>
            : T extends 'roster'
              ? { step: number; id: number; key: string; type: string; ordinal: number }
              : Part<Part<K, 'messages'>, T> extends Holds<infer R extends object>
                ? RowOf<R>
                : Row
      }
    }['of']

/** The names of the tables that a `collect` makes. */
export type TableName<K> =
  | Extract<keyof K, 'model'>
  | (K extends { roster: false } ? never : Extract<keyof K, 'roster'>)
  | `agents:${keyof Part<K, 'agents'> & string}`
  | (keyof Part<K, 'messages'> & string)

/** A part of a `collect`, or an object without fields where there is none. */
export type Part<K, N> = N extends keyof K ? NonNullable<K[N]> : Record<never, never>
