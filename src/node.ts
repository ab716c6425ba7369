/** `mycelia/node`: the door that needs Node: runs with their records on disk, live trading on paper, replay, and reading what they left. */

// run: a simulated run with its records on disk
export { Interrupted, run, RunFailed, runResultSchema } from './world/index.js'
export type { CommonRequest, GivenScenario, MarketRequest, Progress, RunHandle, RunRequest, RunResult } from './world/index.js'

// sweeps: many runs of a scenario over a design, by any engine
export { grid, latinHypercube, listed, mergeSweep, sobol, sweep, SweepInterrupted } from './experiment/index.js'
export type { Design, Dimension, Dimensions, EngineChoice, Interval, Point, Precision, Shard } from './experiment/index.js'
export type { MarketFiles, SweepOptions, SweepProgress, SweepRequest, SweepResult, SweepTable } from './experiment/index.js'

// pool: machines that make tasks over HTTP; any program may be one
export { PoolClient, PoolError } from './pool/index.js'
export type { Dispatched, NodeStatus, PoolClaim, PoolClientOptions, PoolDispatch, PoolHeartbeat } from './pool/index.js'
export type { PoolNodeInfo, PoolOutcome, PoolRegistration, PoolResult, PoolStatus, PoolTask } from './pool/index.js'
export type { Registered, TaskStatus } from './pool/index.js'

// live: trading on paper, and what an operator may say to it from outside
export { actOnRun, commandByRedis, commandRun, live, liveResultSchema, liveRun, readStatus } from './world/index.js'
export type { Committed, LiveOverrides, LiveRequest, LiveResult, LiveStatus } from './world/index.js'
export type { LastTrade, LiveCondition, LiveConditionCode, MemoryChoice, MemoryStatus, PortfolioStatus } from './world/index.js'
export type { PositionStatus } from './trading/index.js'
export type { Notice, NoticePort, Severity } from './core/index.js'
export type { FeedMaker, FeedStatus, GivenCommand, NoticeOpener, OperatorCommand, PendingCommand } from './world/index.js'
export type { FailedSource, LateHistory, ListedRules, LiveFeed, LiveStart } from './feed/index.js'
export type { KeepJournal } from './storage/index.js'
export type { ClosingPosition, CommandNote, OperatorAction, SearchProgress } from './agents/index.js'
export type { FeedInput, FeedState, InputFeed, PairState, PairStatus, WallClock } from './feed/index.js'
export type { ExchangeTicker, NetIncident, NetInput, NetSignalType, PostedSignal, RouteUpdate } from './market/index.js'

// replay: a live run decided again from its journal, a simulated one made again with its inputs
export { replay, replayResultSchema, replayRun, runReplaySchema } from './world/index.js'
export type { Difference, ReplayFrom, ReplayProgress, ReplayRequest, ReplayResult } from './world/index.js'
export type { RunReplay, RunReplayRequest } from './world/index.js'

// scenarios: found by name or path
export { loadScenario, shippedScenarios, versions } from './world/index.js'
export type { ScenarioWarning, LoadedScenario } from './world/index.js'

// finished runs: their tables, report, manifest and patterns; errors of files
export { writeReport } from './report/index.js'
export { approvalsIn, manifestSchema, openRun } from './storage/index.js'
export type { Approval, Manifest, OpenedRun, RecordRow, RunTable } from './storage/index.js'
export { CorruptFile, DiskFull, FileInUse, NotWritable, StorageError, UnknownVersion } from './storage/index.js'

// market data: checked, imported, loaded, fetched
export { checkData, importCandles, loadCandles, loadMoats } from './feed/index.js'
export type { ChosenFile, DataCheck, Fetched, FileCheck, ImportCandlesOptions, ImportedCandles } from './feed/index.js'
export type { ImportedFile, LoadCandlesOptions, LoadedCandles, LoadedMoats, MoatFile, OutsideFile } from './feed/index.js'
export type { Agreement, CheckOptions, Extreme, FetchProgress, OtherTimeframe } from './feed/index.js'
export type { SourceCheck, UnreadFile, VolumeCheck } from './feed/index.js'
export { fetchFiles, type FetchedFiles, type FetchRequest } from './world/index.js'

// evidence: statistics of many runs, calibration and searches, the look-ahead check
export * as statistics from './experiment/statistics/index.js'
export { abcPosterior, calibrate, checkLookahead, checkStrategy, minimise } from './experiment/index.js'
export type { AbcOptions, AbcResult, AbcSample, Aim, Calibration, CalibrationMethod } from './experiment/index.js'
export type { CalibrationRequest, Evaluation, Fit, FitRange, FittedTarget, FutureChange } from './experiment/index.js'
export type { Lookahead, LookaheadCheck, LookaheadRequest, MinimiseOptions, Minimum, Posterior } from './experiment/index.js'
export type { SearchName, Splitting, StrategyLookahead, StrategyRequest, Target } from './experiment/index.js'
