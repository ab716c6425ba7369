/** Draws that need more than a line: each takes the stream, and is a method of it (`rng.poisson(4)`). */

export { binomial, poisson } from './counts.js'
export { beta, gamma } from './gamma.js'
export { multivariateNormal } from './multivariate-normal.js'
export * from './refusals.js'
export { weightedPlace } from './weighted.js'
