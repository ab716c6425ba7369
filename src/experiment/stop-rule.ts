/** When a run of a sweep stops before its last step: `gini > 0.6`, a column of its model compared with a value. */

import { type Cell, OperatorError, unknownName } from '../core/index.js'
import { modelColumns, type Scenario } from '../model/index.js'

const comparisons = {
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
} satisfies Readonly<Record<string, (a: number | string | boolean, b: number | string | boolean) => boolean>>

type Comparison = keyof typeof comparisons

export interface StopRule {
  readonly column: string
  holds(cell: Cell): boolean
}

/** Reads a rule; a cell without a value never meets it. */
export function stopRule(scenario: Scenario, text: string): StopRule {
  const [, column = '', comparison = '', value = ''] = /^\s*([\w$]+)\s*(>=|<=|==|!=|>|<)\s*(.+?)\s*$/.exec(text) ?? []
  if (column === '') throw wrong(text)
  const described = modelColumns(scenario).find(({ name }) => name === column)
  if (described === undefined)
    throw unknownName(
      'column',
      column,
      modelColumns(scenario).map(({ name }) => name),
    )
  const limit = cellOf(value, described.type)
  if (limit === undefined) throw wrong(text)
  return { column, holds: cell => cell !== null && !Number.isNaN(cell) && comparisons[comparison as Comparison](cell, limit) }
}

function cellOf(text: string, type: string): number | string | boolean | undefined {
  if (type === 'text') return text.replace(/^(['"])(.*)\1$/, '$2')
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : undefined)
  const n = Number(text)
  return Number.isNaN(n) ? undefined : n
}

function wrong(text: string): OperatorError {
  return new OperatorError({ what: '`stopWhen`', expected: 'a column compared with a value, as in gini > 0.6', got: text })
}
