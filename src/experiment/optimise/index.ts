/** `optimise`: searches over parameters, and the calibration of a scenario to data by them. */

export { type AbcOptions, type AbcResult, type AbcSample, abcPosterior, type Posterior } from './abc.js'
export {
  type Calibration,
  type CalibrationMethod,
  type CalibrationRequest,
  calibrate,
  calibrationMethods,
  type Fit,
  type FittedTarget,
} from './calibrate.js'
export type { Splitting } from './folds.js'
export { searchLimits } from './limits.js'
export { type Evaluation, type MinimiseOptions, type Minimum, minimise } from './minimise.js'
export type { FitRange } from './range.js'
export type { SearchName } from './search.js'
export { type Aim, numbersIn, type Target, targetsFrom } from './targets.js'
