/**
 * `pool/`: engines that make tasks in this process, in its threads, and on many machines; and the compute pool, a service that hands tasks to
 * nodes over HTTP. What a task is, their handlers know.
 */

export { type QueueOptions, queueEngine } from './bullmq/queue-engine.js'
export { type ServeOptions, serveQueue } from './bullmq/serve-queue.js'
export * from './engine.js'
export { inlineEngine } from './inline.js'
export { poolLimits } from './limits.js'
export { PoolClient, type PoolClientOptions, PoolError } from './nodes/pool-client.js'
export { type PoolNodeOptions, workForPool } from './nodes/pool-node.js'
export { type FrameworkCheck, ownChecks, type SelfCheck, selfCheck } from './nodes/self-check.js'
export { thisMachine } from './nodes/this-machine.js'
export type {
  Dispatched,
  NodeStatus,
  PoolClaim,
  PoolDispatch,
  PoolHeartbeat,
  PoolNodeInfo,
  PoolOutcome,
  PoolRegistration,
  PoolResult,
  PoolStatus,
  PoolTask,
  Registered,
  TaskStatus,
} from './service/protocol.js'
export { type PoolServer, servePool } from './service/serve-pool.js'
export { type ThreadOptions, threadEngine } from './threads/thread-engine.js'
