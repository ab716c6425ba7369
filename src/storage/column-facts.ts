/** What a column has held so far: enough to choose its Parquet type when the run ends. Plain, for checkpoints. */

import type { Cell, Column } from '../core/index.js'

export interface ColumnFacts {
  nulls: boolean
  texts: boolean
  booleans: boolean
  /** Any number at all. */
  numbers: boolean
  /** A number that is not a safe integer. */
  fractions: boolean
  /** A safe integer beyond 32 bits. */
  wide: boolean
}

export type ParquetType = 'DOUBLE' | 'INT32' | 'INT64' | 'BOOLEAN' | 'STRING'

export function noFacts(): ColumnFacts {
  return { nulls: false, texts: false, booleans: false, numbers: false, fractions: false, wide: false }
}

export function observeColumn(facts: ColumnFacts, column: Column): void {
  const numbers = column.asNumbers()
  if (numbers !== undefined) return observeNumbers(facts, numbers)
  for (let i = 0; i < column.length; i++) observeCell(facts, column.at(i))
}

/** Integers stay integers where every number is one; a column of several kinds is written as text. */
export function parquetType(facts: ColumnFacts): ParquetType {
  const kinds = Number(facts.texts) + Number(facts.booleans) + Number(facts.numbers)
  if (facts.texts || kinds > 1) return 'STRING'
  if (facts.booleans) return 'BOOLEAN'
  if (!facts.numbers || facts.fractions) return 'DOUBLE'
  return facts.wide ? 'INT64' : 'INT32'
}

function observeNumbers(facts: ColumnFacts, numbers: Float64Array): void {
  if (numbers.length === 0) return
  facts.numbers = true
  if (facts.fractions) return
  for (const x of numbers) observeNumber(facts, x)
}

function observeCell(facts: ColumnFacts, cell: Cell): void {
  if (cell === null) facts.nulls = true
  else if (typeof cell === 'string') facts.texts = true
  else if (typeof cell === 'boolean') facts.booleans = true
  else {
    facts.numbers = true
    observeNumber(facts, cell)
  }
}

function observeNumber(facts: ColumnFacts, x: number): void {
  if (!Number.isSafeInteger(x)) facts.fractions = true
  else if (x > 2_147_483_647 || x < -2_147_483_648) facts.wide = true
}
