/** Several normal numbers that vary together. */

import { OperatorError } from '../errors.js'
import type { Chance } from './chance.js'

/** mean + L·z, where L·Lᵀ is the covariance (Cholesky) and z are independent. The covariance is one row a number, symmetric. */
export function multivariateNormal(rng: Chance, mean: readonly number[], covariance: readonly (readonly number[])[]): number[] {
  const lower = cholesky(mean, covariance)
  const z = mean.map(() => rng.normal())
  return mean.map((center, i) => {
    let value = center
    for (let j = 0; j <= i; j++) value += (lower[i]?.[j] as number) * (z[j] as number)
    return value
  })
}

/** A variable that is a sum of the others leaves a pivot of 0, which is allowed: it adds no chance of its own. */
function cholesky(mean: readonly number[], covariance: readonly (readonly number[])[]): number[][] {
  const n = mean.length
  const at = (i: number, j: number) => covariance[i]?.[j] ?? Number.NaN
  if (covariance.length !== n || covariance.some(row => row.length !== n))
    throw wrong(`${n} rows of ${n} numbers, as there are ${n} means`, covariance.map(row => row.length).join(', '))
  const lower = covariance.map(() => new Array<number>(n).fill(0))
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      if (!Number.isFinite(at(i, j)) || at(i, j) !== at(j, i)) throw wrong('finite and symmetric', `${at(i, j)} and ${at(j, i)}`)
      let rest = at(i, j)
      for (let k = 0; k < j; k++) rest -= (lower[i]?.[k] as number) * (lower[j]?.[k] as number)
      const pivot = lower[j]?.[j] as number
      const own = lower[i] as number[]
      const rounding = 1e-12 * Math.abs(at(j, j))
      if (i !== j) own[j] = pivot > 0 ? rest / pivot : nothingLeft(rest, at(i, i) * at(j, j), j)
      else if (rest < -rounding)
        throw wrong('positive semidefinite', `a variance of ${rest} that the others leave to number ${i}`)
      else own[i] = rest > rounding ? Math.sqrt(rest) : 0
    }
  return lower
}

/** Of a number that the others make up entirely, nothing is left that another could vary with. */
function nothingLeft(rest: number, variances: number, j: number): 0 {
  if (Math.abs(rest) <= 1e-6 * Math.sqrt(Math.abs(variances))) return 0
  throw wrong('positive semidefinite', `a covariance of ${rest} with number ${j}, of which the others leave nothing`)
}

function wrong(expected: string, got: string): OperatorError {
  return new OperatorError({
    what: 'The covariance of rng.multivariateNormal(mean, covariance)',
    expected,
    got,
    next: 'Covariances are ρ·σᵢ·σⱼ; on the diagonal stand the variances.',
  })
}
