/** `model/`: agents, sets of them, activations, models, scenarios, and the simulation that drives them. */

export * from './activation.js'
export { Agent, type AgentClass, type Home } from './agent.js'
export { AgentSet, type Selection } from './agent-set.js'
export {
  type AgentReporters,
  type Collect,
  Collector,
  limits as collectorLimits,
  type Occasion,
  rowsOf,
  type TopicRows,
} from './collector.js'
export { AgentFailure, type Quarantined } from './kernel.js'
export { Model } from './model.js'
export { fieldsOf, parseParameters } from './parameters.js'
export { type Answerer, limits as requestLimits, type Request } from './requests.js'
export { checkpointInfo, rebaseCheckpoint } from './saved.js'
export * from './scenario.js'
export * from './simulation.js'
export * from './sink.js'
export * from './source.js'
export * from './statistics.js'
export type { Slowest } from './turns.js'
export type { AgentClasses } from './type-names.js'
