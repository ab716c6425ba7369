/** The plane on which past trades differ most: the first two principal components of their standardised features. */

import { pastTradeFeatureNames, type TradeVector } from './past-trade.js'

const SIZE = pastTradeFeatureNames.length

export interface PrincipalAxis {
  /** One for each feature; their squares sum to 1, and the largest is positive. All 0 where no feature varies. */
  readonly loadings: Float64Array
  /** The part of all variance that lies along it, 0 to 1. */
  readonly share: number
}

export interface PrincipalPlane {
  /** The place of each vector, in standard deviations of a feature. */
  readonly x: Float64Array
  readonly y: Float64Array
  /** Along `x` and `y`. */
  readonly axes: readonly [PrincipalAxis, PrincipalAxis]
}

/** Places of past trades on their principal plane. A feature that is not known stands at its mean. */
export function principalPlane(vectors: readonly TradeVector[]): PrincipalPlane {
  const rows = standardised(vectors)
  const { values, columns } = eigen(covariance(rows))
  const order = Array.from(values.keys()).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b)
  const total = values.reduce((sum, value) => sum + value, 0)
  const axis = (n: number): PrincipalAxis => {
    const at = order[n] as number
    const value = values[at] as number
    return value > 1e-12
      ? { loadings: oriented(columns, at), share: value / total }
      : { loadings: new Float64Array(SIZE), share: 0 }
  }
  const axes = [axis(0), axis(1)] as const
  const along = ({ loadings }: PrincipalAxis) =>
    Float64Array.from(rows, row => row.reduce((sum, z, d) => sum + z * (loadings[d] as number), 0))
  return { x: along(axes[0]), y: along(axes[1]), axes }
}

/** Each feature around its mean, in its standard deviations; 0 where it is not known or does not vary. */
function standardised(vectors: readonly TradeVector[]): Float64Array[] {
  const rows = vectors.map(() => new Float64Array(SIZE))
  for (let d = 0; d < SIZE; d++) {
    const known = vectors.flatMap(vector => (Number.isFinite(vector[d]) ? [vector[d] as number] : []))
    const mean = known.reduce((sum, x) => sum + x, 0) / known.length
    const variance = known.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, known.length - 1)
    // Rounding alone gives a constant feature a variance of about (1e-16 × mean)².
    if (!(variance > 1e-24 * mean ** 2)) continue
    const sd = Math.sqrt(variance)
    vectors.forEach((vector, i) => {
      const x = vector[d] as number
      if (Number.isFinite(x)) (rows[i] as Float64Array)[d] = (x - mean) / sd
    })
  }
  return rows
}

function covariance(rows: readonly Float64Array[]): Float64Array {
  const matrix = new Float64Array(SIZE * SIZE)
  for (const row of rows)
    for (let i = 0; i < SIZE; i++)
      for (let j = 0; j < SIZE; j++)
        matrix[i * SIZE + j] = (matrix[i * SIZE + j] as number) + (row[i] as number) * (row[j] as number)
  return matrix.map(sum => sum / Math.max(1, rows.length - 1))
}

interface Eigen {
  readonly values: Float64Array
  /** One eigenvector a column. */
  readonly columns: Float64Array
}

/** Jacobi's rotations of a symmetric matrix, until what stands off its diagonal is rounding. */
function eigen(matrix: Float64Array): Eigen {
  const columns = new Float64Array(SIZE * SIZE)
  for (let i = 0; i < SIZE; i++) columns[i * SIZE + i] = 1
  const sweepsAtMost = 50
  for (let sweep = 0; sweep < sweepsAtMost && offDiagonal(matrix) > 1e-22; sweep++)
    for (let p = 0; p < SIZE; p++) for (let q = p + 1; q < SIZE; q++) rotate(matrix, columns, p, q)
  return { values: Float64Array.from({ length: SIZE }, (_, i) => matrix[i * SIZE + i] as number), columns }
}

function offDiagonal(matrix: Float64Array): number {
  let sum = 0
  for (let p = 0; p < SIZE; p++) for (let q = p + 1; q < SIZE; q++) sum += (matrix[p * SIZE + q] as number) ** 2
  return sum
}

/** Makes the cell p, q zero. */
function rotate(matrix: Float64Array, columns: Float64Array, p: number, q: number): void {
  const off = matrix[p * SIZE + q] as number
  if (off === 0) return
  const theta = ((matrix[q * SIZE + q] as number) - (matrix[p * SIZE + p] as number)) / (2 * off)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const cos = 1 / Math.sqrt(t * t + 1)
  const turn = (of: Float64Array, a: number, b: number) => {
    const [x, y] = [of[a] as number, of[b] as number]
    of[a] = cos * x - t * cos * y
    of[b] = t * cos * x + cos * y
  }
  for (let i = 0; i < SIZE; i++) turn(matrix, i * SIZE + p, i * SIZE + q)
  for (let i = 0; i < SIZE; i++) turn(matrix, p * SIZE + i, q * SIZE + i)
  for (let i = 0; i < SIZE; i++) turn(columns, i * SIZE + p, i * SIZE + q)
}

/** A column, turned so that its largest loading is positive; of equal ones the first decides. */
function oriented(columns: Float64Array, at: number): Float64Array {
  const loadings = Float64Array.from({ length: SIZE }, (_, i) => columns[i * SIZE + at] as number)
  let largest = 0
  for (const loading of loadings) if (Math.abs(loading) > Math.abs(largest) + 1e-9) largest = loading
  return largest < 0 ? loadings.map(loading => -loading) : loadings
}
