/** What may be said of the results of many runs: intervals, comparisons, Sharpe ratios and overfitting, sensitivity, convergence. */

export {
  type BootstrapEstimate,
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapMean,
  type Statistic,
  spreadOf,
} from './bootstrap.js'
export { type Comparison, compareIndependent, comparePaired, type WelchComparison } from './comparison.js'
export { type Convergence, type ConvergenceStep, convergence } from './convergence.js'
export { benjaminiHochberg, holm } from './corrections.js'
export { normalProbability, normalQuantile, studentP, studentQuantile } from './distributions.js'
export {
  type Estimate,
  estimate,
  interval,
  isPositive,
  line,
  meanInterval,
  oneSidedQuantile,
  type Part,
  ratioDifference,
  ratioEstimate,
  wilson,
} from './estimates.js'
export type { Factor, SensitivityDesign } from './factors.js'
export { type MorrisEffect, type MorrisOptions, morrisDesign, morrisEffects } from './morris.js'
export { backtestOverfitting, type Overfitting } from './overfitting.js'
export { type Goal, paretoFront } from './pareto.js'
export { type Interval, meanOf, median, quantileOfSorted, type Sample, sumOf } from './samples.js'
export {
  type DeflatedSharpe,
  deflatedSharpe,
  probabilisticSharpe,
  type ShapedSharpe,
  type Sharpe,
  sharpe,
  type Trials,
} from './sharpe.js'
export { type SobolIndex, sobolDesign, sobolIndices } from './sobol-indices.js'
export { blockLength, type SeriesBootstrapOptions, type SeriesEstimate, seriesInterval, seriesMean } from './time-series.js'
export { type Evenness, evennessOf } from './uniform.js'
