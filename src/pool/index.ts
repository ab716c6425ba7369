/** `pool/`: engines that make tasks in this process, in its threads, and on many machines; what a task is, their handlers know. */

export { type QueueOptions, queueEngine } from './bullmq/queue-engine.js'
export { type ServeOptions, serveQueue } from './bullmq/serve-queue.js'
export * from './engine.js'
export { inlineEngine } from './inline.js'
export { poolLimits } from './limits.js'
export { type ThreadOptions, threadEngine } from './threads/thread-engine.js'
