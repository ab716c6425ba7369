/** `agents/`: a folder for each system of agents: `mycelial/`, the 121; `nettrace/`, signals from latency; `launch/`, tokens on bonding curves; `market/`, traders of an order book; `decision/`, decisions as graphs. */

export { conditionLimits } from './decision/condition.js'
export { decisionLimits } from './decision/graph.js'
export { ruleLimits } from './decision/rules.js'
export { Desk, deskPorts, isReproduced } from './launch/desk/desk.js'
export {
  type CatalogEntry,
  type DeskDecision,
  type DeskFill,
  type DeskInputs,
  type DeskOutput,
  type DeskPolicy,
  deskPolicySchema,
  type SeenToken,
  type SeenUser,
} from './launch/desk/seen.js'
export { LaunchModel } from './launch/launch-model.js'
export { type LaunchOptions, type LaunchParameters, launchSchema } from './launch/launch-parameters.js'
export { type LaunchScenarioOptions, launchScenario } from './launch/launch-scenario.js'
export { launchLimits } from './launch/limits.js'
export type { LaunchWorld } from './launch/ports.js'
export type { LiveModel } from './live-model.js'
export { OrderBookModel } from './market/book-model.js'
export { type BookOptions, type BookParameters, bookSchema } from './market/book-parameters.js'
export { type OrderBookScenarioOptions, orderBookScenario } from './market/book-scenario.js'
export type { BookWorld } from './market/ports.js'
export { Analyst } from './mycelial/analyst.js'
export { Builder } from './mycelial/builder.js'
export { swarmCollect, swarmTables } from './mycelial/collect.js'
export { DataMiner } from './mycelial/data-miner.js'
export { DeepResearch } from './mycelial/deep-research.js'
export { isRecallRequest, memoryRequestHandler, recallQuestion } from './mycelial/exact-memory.js'
export { type FeedMessage, FeedMessages } from './mycelial/feed-messages.js'
export { type ForeignRule, foreignRule } from './mycelial/foreign-messages.js'
export { enterMarket, type LiveInput, shareAgents } from './mycelial/live-inputs.js'
export { setMarketBehind } from './mycelial/market-behind.js'
export { MarketExplorer } from './mycelial/market-explorer.js'
export { limits as draftLimits, Memory, type RecallAnswer } from './mycelial/memory.js'
export { MycelialInstigator } from './mycelial/mycelial-instigator.js'
export {
  type ClosingPosition,
  type CommandNote,
  commandText,
  type OperatorAction,
  OperatorActions,
  type OperatorCommand,
} from './mycelial/operator.js'
export { PatternLearner } from './mycelial/pattern-learner.js'
export type { DeployedAnalyst, SwarmModel } from './mycelial/ports.js'
export { RiskManagement } from './mycelial/risk-management.js'
export { type Analysts, coreTypes, type SwarmAgents, swarmAgents } from './mycelial/roster.js'
export { type SearchProgress, whyNoPattern } from './mycelial/search-progress.js'
export type { ApprovedPattern } from './mycelial/summary.js'
export { Swarm, type SwarmInput } from './mycelial/swarm.js'
export { type SwarmParameters, streamsOf, swarmSchema } from './mycelial/swarm-parameters.js'
export { type SwarmScenarioOptions, swarmScenario } from './mycelial/swarm-scenario.js'
export { TechnicalAnalysis } from './mycelial/technical-analysis.js'
export { swarmTopics, topicNames } from './mycelial/topics.js'
export { Trading } from './mycelial/trading.js'
export { whyIdle } from './mycelial/why-idle.js'
export { netTraceLimits } from './nettrace/limits.js'
export { NetTrace } from './nettrace/net-trace.js'
export { type NetTraceParameters, netTraceSchema } from './nettrace/net-trace-parameters.js'
export { type NetTraceScenarioOptions, netTraceScenario } from './nettrace/net-trace-scenario.js'
export type { NetTraceModel } from './nettrace/ports.js'
export { NetSignals } from './nettrace/topics.js'
export { spotFuturesLimits } from './spot-futures/limits.js'
export { spotFuturesSchema } from './spot-futures/parameters.js'
export type { SpotFuturesModel } from './spot-futures/ports.js'
export { type SpotFuturesScenarioOptions, spotFuturesScenario } from './spot-futures/scenario.js'
export { SpotFutures } from './spot-futures/spot-futures.js'
export type { SqueezeWorld } from './squeeze/ports.js'
export { Squeeze } from './squeeze/squeeze.js'
export { squeezeSchema } from './squeeze/squeeze-parameters.js'
export { type SqueezeScenarioOptions, squeezeScenario } from './squeeze/squeeze-scenario.js'
