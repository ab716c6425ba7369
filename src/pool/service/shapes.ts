/** The shapes that every body and query of a compute pool is checked by. */

import { z } from 'zod'
import { poolLimits } from '../limits.js'
import type { PoolDispatch, PoolHeartbeat, PoolOutcome, PoolRegistration } from './protocol.js'

/** The name of a thing, as people write one. */
const name = z.string().min(1).max(200)
const names = z.array(name).max(64)
const count = z.number().int().min(0).max(1_000_000)
const amount = z.number().min(0).max(1e9)
/** Ids stand in paths: letters, digits and `. _ : -`. */
const id = z.string().regex(/^[\w.:-]{1,128}$/, 'must be letters, digits and . _ : - alone')

const gpuTypes = ['apple_metal', 'cuda', 'cpu'] as const

export const registration = z.strictObject({
  name,
  host: name,
  port: z.number().int().min(0).max(65_535).nullish(),
  gpu_type: z.enum(gpuTypes).default('cpu'),
  gpu_name: name.nullish(),
  gpu_cores: count.nullish(),
  memory_gb: amount.default(0),
  chip: name.nullish(),
  frameworks: names.default([]),
  metal_support: z.boolean().default(false),
  mlx_available: z.boolean().default(false),
  cuda_available: z.boolean().default(false),
  /** What it makes; left out: any task. */
  task_types: names.nullish(),
  /** How long its self-check of each framework took, ms. */
  checks_ms: z.record(name, amount).nullish(),
}) satisfies z.ZodType<unknown, PoolRegistration>

export const heartbeat = z.strictObject({
  node_id: id,
  load: amount.nullish(),
  /** Round trip of its heartbeat before, as it measured it. */
  rtt_ms: amount.nullish(),
  leases: z.array(id).max(poolLimits.tasksPerNode).nullish(),
}) satisfies z.ZodType<unknown, PoolHeartbeat>

export const requirements = z.strictObject({
  /** `any` is no demand. */
  gpu_type: z.enum([...gpuTypes, 'any']).nullish(),
  framework: name.nullish(),
  min_memory_gb: amount.nullish(),
  /** The node of the least measured round trip comes first. */
  prefer: z.literal('low_latency').nullish(),
})

/** The most urgent and the least. */
const priorities = { first: 1, last: 5, usual: 3 } as const

export const dispatch = z.strictObject({
  /** Sent again under the same id it is still one task. */
  task_id: id.nullish(),
  task_type: name,
  data: z.unknown().default({}),
  requirements: requirements.nullish(),
  priority: z.number().int().min(priorities.first).max(priorities.last).default(priorities.usual),
}) satisfies z.ZodType<unknown, PoolDispatch>

/** How long a request may wait for what it asks, ms. */
const wait = z.number().int().min(0).max(5_000)

export const claim = z.strictObject({ node_id: id, wait_ms: wait.default(0) })

export const outcome = z.strictObject({
  lease: id,
  result: z.unknown().default(null),
  /** Why it failed; then there is no result. */
  error: z.string().max(100_000).nullish(),
  execution_ms: amount.nullish(),
  gpu_utilization: amount.nullish(),
  memory_used_mb: amount.nullish(),
}) satisfies z.ZodType<unknown, PoolOutcome>

export const nodesQuery = z.strictObject({ status: z.enum(['online', 'offline']).optional() })

export const tasksQuery = z.strictObject({
  status: z.enum(['pending', 'running', 'completed', 'failed']).optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

export const resultQuery = z.strictObject({ wait_ms: z.coerce.number().pipe(wait).optional() })
