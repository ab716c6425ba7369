/** What nodes, clients and the service of a compute pool say to each other, as JSON. */

/** Heard within three heartbeats, or not. */
export type NodeStatus = 'online' | 'offline'

/** Waits, is made by a node, has its result, or has none because it failed. */
export type TaskStatus = 'pending' | 'running' | 'completed' | 'failed'

/** What a node says of itself; its id follows from name, host and port. */
export interface PoolRegistration {
  readonly name: string
  readonly host: string
  /** Recorded, and never dialled. */
  readonly port?: number | null | undefined
  readonly gpu_type?: 'apple_metal' | 'cuda' | 'cpu' | undefined
  readonly gpu_name?: string | null | undefined
  readonly gpu_cores?: number | null | undefined
  readonly memory_gb?: number | undefined
  readonly chip?: string | null | undefined
  /** What it can compute with. */
  readonly frameworks?: string[] | undefined
  readonly metal_support?: boolean | undefined
  readonly mlx_available?: boolean | undefined
  readonly cuda_available?: boolean | undefined
  /** What it makes; left out: any task. */
  readonly task_types?: string[] | null | undefined
  /** How long its self-check of each framework took, ms. */
  readonly checks_ms?: Record<string, number> | null | undefined
}

/** A node says that it is there: its tasks stay its own. */
export interface PoolHeartbeat {
  readonly node_id: string
  readonly load?: number | null | undefined
  /** Round trip of its heartbeat before, as it measured it. */
  readonly rtt_ms?: number | null | undefined
  /** Of the tasks at hand, which stay its own; left out: all that it claimed. */
  readonly leases?: string[] | null | undefined
}

/** A task, and what it asks of its node. */
export interface PoolDispatch {
  /** Sent again under the same id it is still one task; left out: a new one. */
  readonly task_id?: string | null | undefined
  /** The handler that makes it. */
  readonly task_type: string
  /** What the handler is given: any JSON. */
  readonly data?: unknown
  readonly requirements?:
    | {
        /** `any` is no demand. */
        readonly gpu_type?: 'apple_metal' | 'cuda' | 'cpu' | 'any' | null | undefined
        readonly framework?: string | null | undefined
        readonly min_memory_gb?: number | null | undefined
        /** The node of the least measured round trip comes first. */
        readonly prefer?: 'low_latency' | null | undefined
      }
    | null
    | undefined
  /** 1 is the most urgent, 5 the least; default 3. */
  readonly priority?: number | undefined
}

/** What came of a task, as its node sends it: a result, or why there is none. */
export interface PoolOutcome {
  /** Of the claim. */
  readonly lease: string
  readonly result?: unknown
  readonly error?: string | null | undefined
  readonly execution_ms?: number | null | undefined
  readonly gpu_utilization?: number | null | undefined
  readonly memory_used_mb?: number | null | undefined
}

/** What a node that registered is told. */
export interface Registered {
  readonly node_id: string
  /** How often it should be heard, and how long a task is its own without that, ms. */
  readonly heartbeat_ms: number
  readonly lease_ms: number
}

/** A task as its client sees it before it is over. */
export interface Dispatched {
  readonly task_id: string
  /** The node that has it, or for which it is kept; null: it waits for any that may make it. */
  readonly assigned_node: string | null
  readonly status: TaskStatus
}

/** A task that is a node’s for now. */
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

/** A task of the record; times in ms since 1970, UTC. */
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

/** What a node said of itself, and when it was heard, ms since 1970, UTC. */
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
