/** Every bound of this room in one place. */

export const poolLimits = {
  /** Tasks that a thread is given at once. */
  tasksPerBatch: 256,
  /** How long a batch should take, ms: long enough that messages cost nothing, short enough that no thread waits for another at the end. */
  batchMs: 40,
  /** Tasks of one engine that are in Redis at once, with their results. */
  tasksInRedis: 1_000,
} as const
