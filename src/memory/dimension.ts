import { OperatorError } from '../core/index.js'

/** Refuses a vector of another length than the store's. */
export function checkDimension(vector: Float32Array, dimension: number): void {
  if (vector.length === dimension) return
  throw new OperatorError({
    what: 'a vector for memory',
    expected: `${dimension} numbers, as the store has`,
    got: vector.length,
    next: 'Choose the embedding the store was made with, or run: mycelia memory rebuild',
  })
}
