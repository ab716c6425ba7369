/** What nodes, clients and the service of a compute pool say to each other: every body is checked by these shapes. */

import { z } from 'zod'

/** The name of a thing, as people write one. */
const name = z.string().min(1).max(200)
const names = z.array(name).max(64)
const count = z.number().int().min(0).max(1_000_000)
const amount = z.number().min(0).max(1e9)
/** Ids stand in paths: letters, digits and `. _ : -`. */
const id = z.string().regex(/^[\w.:-]{1,128}$/, 'must be letters, digits and . _ : - alone')

export const gpuTypes = ['apple_metal', 'cuda', 'cpu'] as const

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
})

export const heartbeat = z.strictObject({
  node_id: id,
  load: amount.nullish(),
  /** Round trip of its heartbeat before, as it measured it. */
  rtt_ms: amount.nullish(),
})

export const requirements = z.strictObject({
  /** `any` is no demand. */
  gpu_type: z.enum([...gpuTypes, 'any']).nullish(),
  framework: name.nullish(),
  min_memory_gb: amount.nullish(),
  /** The node of the least measured round trip comes first. */
  prefer: z.literal('low_latency').nullish(),
})

/** The most urgent and the least. */
export const priorities = { first: 1, last: 5, usual: 3 } as const

export const dispatch = z.strictObject({
  /** Sent again under the same id it is still one task. */
  task_id: id.nullish(),
  task_type: name,
  data: z.unknown().default({}),
  requirements: requirements.nullish(),
  priority: z.number().int().min(priorities.first).max(priorities.last).default(priorities.usual),
})

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
})

const nodeStatuses = ['online', 'offline'] as const
const taskStatuses = ['pending', 'running', 'completed', 'failed'] as const

export const nodesQuery = z.strictObject({ status: z.enum(nodeStatuses).optional() })

export const tasksQuery = z.strictObject({
  status: z.enum(taskStatuses).optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

export const resultQuery = z.strictObject({ wait_ms: z.coerce.number().pipe(wait).optional() })

export type NodeStatus = (typeof nodeStatuses)[number]
export type TaskStatus = (typeof taskStatuses)[number]

/** What a node says of itself; `node_id` follows from its name, host and port. */
export type PoolRegistration = z.input<typeof registration>
/** A task, and what it asks of its node. */
export type PoolDispatch = z.input<typeof dispatch>
/** What came of a task, for the service. */
export type PoolOutcome = z.input<typeof outcome>
export type PoolHeartbeat = z.input<typeof heartbeat>

export interface Registered {
  readonly node_id: string
  /** How often it should be heard, and how long a task is its own without that, ms. */
  readonly heartbeat_ms: number
  readonly lease_ms: number
}

export interface Dispatched {
  readonly task_id: string
  /** The node that has it, or for which it is kept; null: it waits for any that may make it. */
  readonly assigned_node: string | null
  readonly status: TaskStatus
}

export interface PoolClaim {
  readonly task_id: string
  readonly task_type: string
  readonly data: unknown
  readonly priority: number
  /** Whoever sends the result must know it. */
  readonly lease: string
  /** Ms since 1970, UTC. */
  readonly lease_until: number
}

export interface PoolTask extends Dispatched {
  readonly id: number
  readonly task_type: string
  readonly priority: number
  readonly attempts: number
  readonly created_at: number
  readonly claimed_at: number | null
  readonly finished_at: number | null
}

/** A task that is over: its result, or why it failed. */
export interface PoolResult {
  readonly task_id: string
  readonly status: 'completed' | 'failed'
  readonly result: unknown
  readonly error: string | null
  readonly node_id: string | null
  readonly execution_ms: number | null
  readonly gpu_utilization: number | null
  readonly memory_used_mb: number | null
}

export interface PoolNodeInfo {
  readonly node_id: string
  readonly name: string
  readonly host: string
  readonly port: number | null
  readonly status: NodeStatus
  readonly gpu_type: string
  readonly gpu_name: string | null
  readonly gpu_cores: number | null
  readonly memory_gb: number
  readonly chip: string | null
  readonly frameworks: readonly string[]
  readonly metal_support: boolean
  readonly mlx_available: boolean
  readonly cuda_available: boolean
  readonly task_types: readonly string[] | null
  readonly checks_ms: Readonly<Record<string, number>> | null
  readonly registered_at: number
  readonly heartbeat_at: number | null
  readonly load: number | null
  readonly rtt_ms: number | null
}

/** What the pool has, and what it could still take. */
export interface PoolStatus {
  readonly nodes: Readonly<Record<NodeStatus, number>>
  readonly tasks: Readonly<Record<TaskStatus, number>>
  /** Of the nodes that are online. */
  readonly capacity: {
    readonly memory_gb: number
    readonly gpu_cores: number
    readonly gpu_types: Readonly<Record<string, number>>
    readonly frameworks: Readonly<Record<string, number>>
    /** Tasks that may still be dispatched before the queue is full. */
    readonly queue_free: number
  }
}
