/** `world/`: turns a scenario's plain description into running parts. It alone wires the model. */

export * from './load-scenario.js'
export { type MadeFiles, makeCandleFiles } from './make-candles.js'
export { marketOf } from './market.js'
export { packageManifest, packageRoot, versions } from './package-info.js'
export { run } from './run.js'
export { Interrupted, RunFailed } from './run-errors.js'
export { planRun, type RunPlan } from './run-plan.js'
export type { GivenScenario, MarketRequest, Progress, RunRequest } from './run-request.js'
export { type RunResult, runResultSchema, tradingResultSchema } from './run-result.js'
