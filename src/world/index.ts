/** `world/`: turns a scenario's plain description into running parts. It alone wires the model. */

export { type FetchedFiles, type FetchRequest, fetchFiles } from './fetch-candles.js'
export { inMemory } from './in-memory.js'
export {
  type BeginWatching,
  type Committed,
  checkChange,
  type FeedMaker,
  type LiveOverrides,
  type LiveRequest,
  type LiveResult,
  type LiveWatcher,
  live,
  liveResultSchema,
  type MemoryChoice,
} from './live/engine/index.js'
export { liveLimits } from './live/limits.js'
export {
  actOnRun,
  commandByRedis,
  commandRun,
  type FeedStatus,
  type GivenCommand,
  type LastTrade,
  type LiveCondition,
  type LiveConditionCode,
  type LiveStatus,
  liveRun,
  type MemoryStatus,
  messageBody,
  methodUrl,
  type NoticeOpener,
  type PendingCommand,
  type PortfolioStatus,
  readStatus,
  telegramIn,
  writeCommand,
} from './live/operations/index.js'
export type { OperatorCommand } from './live/operator-command.js'
export * from './load-scenario.js'
export { type MadeFiles, makeCandleFiles } from './make-candles.js'
export { prepareMarket } from './market.js'
export { type MemoryCheck, openMemoryUpkeep } from './memory-upkeep.js'
export { type ModelAtStart, modelAtStart } from './model-at-start.js'
export { commit, packageManifest, packageRoot, versions } from './package-info.js'
export { instrumentTable } from './pairs.js'
export { recordedLimits } from './recorded/scan-file.js'
export { type ReplayProgress, type ReplayRequest, type ReplayResult, replay, replayResultSchema } from './replay/replay.js'
export { isSimulatedRun, type RunReplay, type RunReplayRequest, replayRun, runReplaySchema } from './replay/replay-run.js'
export type { Difference } from './replay/replay-span.js'
export type { ReplayFrom } from './replay/spans.js'
export { run } from './run.js'
export { Interrupted, RunFailed } from './run-errors.js'
export { checkedSeed, planRun, type RunPlan, scenarioOf } from './run-plan.js'
export type { CommonRequest, GivenScenario, MarketRequest, Progress, RunHandle, RunRequest } from './run-request.js'
export { type RunResult, runResultSchema, tradingResultSchema } from './run-result.js'
export type { ScenarioWarning } from './scan-bundle.js'
export { placesOf } from './source-places.js'
export * from './tokens/index.js'
export { isoNow, stopwatchMs } from './wall-clock.js'
export { openRecord } from './watch/open-record.js'
export { orderOf } from './watch/order-of.js'
export { type LeftRun, RecordedRuns } from './watch/recorded-runs.js'
export { ReportOfRecord } from './watch/report-of-record.js'
export { RunsOfRecord } from './watch/runs-of-record.js'
export { TablesOfRecord } from './watch/tables-of-record.js'
export type { PlainRequest } from './worker/messages.js'
export type { Listener } from './worker/run-in-worker.js'
