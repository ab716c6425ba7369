/** `model/`: agents, sets of them, activations, models, scenarios, and the simulation that drives them. */

export type {
  AlignInput,
  AnswerInput,
  LostInput,
  RemoteInput,
  RequestHandler,
  Slowest,
  Source,
  SourceTick,
  TickInput,
} from '../scheduler/index.js'
export { Agent, type AgentClass, type AgentHome, type AgentModel } from './agent.js'
export type { FieldValues } from './agent-measures.js'
export { type Activation, AgentSet, type Member, type Selection } from './agent-set.js'
export {
  type AgentReporters,
  type Collect,
  Collector,
  limits as collectorLimits,
  type NoOccasion,
  type Occasion,
  type OfType,
  type RowsOf,
  rowsOf,
  type TopicRows,
  type Unknowns,
} from './collector.js'
export type { Answerable, EventArguments, Seen } from './event-types.js'
export { AgentFailure, lostElsewhere, type Quarantined } from './failures.js'
export { guarded } from './guard.js'
export { type InputRow, inputColumns, inputOf } from './input-rows.js'
export { type CheckLooking, limits as lookLimits } from './look-check.js'
export { Model, runOf } from './model.js'
export { collectingOnly, modelColumns, modelReader } from './model-columns.js'
export type { GivenParameters, ResumeOptions, RunOptions, SimulateOptions } from './options.js'
export { limits as inputLimits } from './outside-inputs.js'
export type * from './panel.js'
export { fieldsOf, parseParameters, withDefaults } from './parameters.js'
export { limits as prefetchLimits } from './prefetch.js'
export type { Repetition } from './repetition.js'
export { ReporterFailure } from './reported-column.js'
export type { Reporter, Reporters } from './reporters.js'
export { limits as requestLimits, type Request, type WaitingRequests } from './requests.js'
export type { PopulationView, RunView } from './run-view.js'
export { checkpointInfo, rebaseCheckpoint } from './saved.js'
export * from './scenario.js'
export * from './simulation.js'
export * from './sink.js'
export * from './statistics.js'
export type { CellOf, Part, ReportersIn, RowOf, TableName, Tables, TablesOf } from './table-types.js'
export type { AgentClasses } from './type-names.js'
export * as z from './z.js'
