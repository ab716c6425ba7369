/** Reporters: functions that say what a cell of the model, of an agent or of a message is. A bare one gives numbers. */

import { type ColumnDescription, describeColumn, type OfSubject, OperatorError, type ReadColumn } from '../core/index.js'

/** A bare function is a column of doubles, null where it has no number; a column of another type names its type. */
export type Reporter<S> = OfSubject<S, number | null | undefined> | ReadColumn<S>

/** Columns by name, in their order. */
export type Reporters<S> = Record<string, Reporter<S>>

/** The column a reporter fills. Null is allowed where it does not say otherwise. */
export function columnOfReporter(name: string, reporter: Reporter<never>): ColumnDescription {
  if (typeof reporter === 'function') return describeColumn(name, { type: 'real', nullable: true })
  if (typeof reporter?.read !== 'function') throw noReporter(name, reporter)
  return describeColumn(name, { nullable: true, ...reporter })
}

/** The function behind a reporter. */
export function readerOf<S>(reporter: Reporter<S>): OfSubject<S, ReturnType<ReadColumn<S>['read']>> {
  return typeof reporter === 'function' ? reporter : reporter.read
}

function noReporter(name: string, got: unknown): OperatorError {
  const isObject = typeof got === 'object' && got !== null
  return new OperatorError({
    what: `the reporter of column "${name}" of collect`,
    expected: isObject ? 'a function `read` beside its type' : 'a function, or { type, read }',
    got: isObject ? Object.keys(got).join(', ') : got,
    next: `Write ${name}: x => x.${typeof got === 'string' ? got : name}, or { type: 'text', read: x => … }.`,
  })
}
