/** `scheduler/`: model time: its clock, planned events, the next tick, and the order in which agents are called. */

export * from './activation.js'
export {
  ActivationLoop,
  type ActivationLoopParts,
  type Callable,
  type LoopBus,
  type LoopPrefetch,
  type Slowest,
  Status,
} from './activation-loop.js'
export * from './clock.js'
export {
  type DueEvent,
  EventQueue,
  lastRoundBy,
  limits as schedulerLimits,
  type PlannedEvent,
  repeatTime,
} from './event-queue.js'
export * from './source.js'
export { type PendingRequests, type RequestHandler, TickScheduler, type TickSchedulerParts } from './tick-scheduler.js'
