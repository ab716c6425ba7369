/** Every bound of this room in one place. */

export const poolLimits = {
  /** Tasks that a thread is given at once. */
  tasksPerBatch: 256,
  /** How long a batch should take, ms: long enough that messages cost nothing, short enough that no thread waits for another at the end. */
  batchMs: 40,
  /** Jobs for which one thread is ready; the one that came first makes room. */
  jobsReady: 16,
  /** Tasks of one engine that are in Redis at once, with their results. */
  tasksInRedis: 1_000,
  /** How long Redis has to answer when a sweep or a worker ends, ms: one that is away must not keep them. */
  redisGoodbyeMs: 2_000,
  /** Times that a task may lose its worker before it counts as what ends them. */
  mostTakeovers: 10,
  /** Tasks of a compute pool that wait; one more is refused. Those that are over stay in its record. */
  tasksPending: 10_000,
  /** Nodes of a compute pool; for one more an offline one is forgotten, else it is refused. */
  nodes: 1_000,
  /** Bytes of a request to a compute pool. */
  requestBytes: 1_048_576,
  /** Claims, and results, that are waited for at once; one more is answered as things stand. */
  waits: 512,
  /** Connections to a compute pool at once: there are some for other requests, however many wait. */
  connections: 2_048,
  /** Tasks that a node makes at once. */
  tasksPerNode: 256,
} as const
