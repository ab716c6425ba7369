/**
 * `experiment/`: many runs of a scenario: designs, sweeps over every engine and their tables, calibration, the look-ahead check, the
 * claim.
 */

export type { Engine, Job, Task, TaskError, TaskResult } from '../pool/index.js'
export type { ResultColumn, Summary } from './columns.js'
export type { Design, Dimension, Dimensions, Interval, Point } from './design.js'
export { builtHandlers, type EngineChoice, engineFor } from './engine-choice.js'
export { grid } from './grid.js'
export { handlers } from './handlers.js'
export * from './hypothesis/index.js'
export { latinHypercube } from './latin-hypercube.js'
export { experimentLimits } from './limits.js'
export { listed } from './listed.js'
export * from './lookahead/index.js'
export type { MarketFiles } from './market-files.js'
export { mergeSweep } from './merge.js'
export * from './optimise/index.js'
export type { Precision } from './precision.js'
export { sobol } from './sobol.js'
export { type SweepOptions, type SweepProgress, type SweepResult, sweep } from './sweep.js'
export { SweepInterrupted } from './sweep-errors.js'
export type { Shard, SweepRequest } from './sweep-plan.js'
export type { SweepTable } from './sweep-tables.js'
