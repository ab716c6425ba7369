/** The tables of `compute_pool.db`: the machines that make tasks, and the tasks with what came of them. */

import type { TimeMs } from '../core/index.js'
import type { SqlColumns, SqlTable } from './sql-table.js'

/** What a node says of itself when it registers. */
export interface PoolNode {
  readonly name: string
  readonly host: string
  readonly port: number | null
  readonly gpuType: string
  readonly gpuName: string | null
  readonly gpuCores: number | null
  readonly memoryGb: number
  readonly chip: string | null
  readonly frameworks: readonly string[]
  readonly metalSupport: boolean
  readonly mlxAvailable: boolean
  readonly cudaAvailable: boolean
  /** What it can make; null: any task. */
  readonly taskTypes: readonly string[] | null
  /** How long its self-check of each framework took, ms; null: it made none. */
  readonly checksMs: Readonly<Record<string, number>> | null
}

/** What a task asks of its node; null: nothing. */
export interface PoolDemand {
  readonly gpuType: string | null
  readonly framework: string | null
  readonly minMemoryGb: number | null
  readonly prefer: string | null
}

export interface NewPoolTask extends PoolDemand {
  readonly taskId: string
  readonly taskType: string
  /** JSON. */
  readonly data: string
  /** 1 is the most urgent. */
  readonly priority: number
  readonly createdAt: TimeMs
}

interface NodeRow {
  readonly node: PoolNode
  readonly nodeId: string
  readonly time: TimeMs
}

const nodeColumns: SqlColumns<NodeRow> = {
  node_id: { type: 'text', sql: 'TEXT PRIMARY KEY', meaning: 'The node: of its name, host and port.', read: r => r.nodeId },
  name: { type: 'text', meaning: 'As it calls itself.', read: r => r.node.name },
  host: { type: 'text', meaning: 'Its machine.', read: r => r.node.host },
  port: { type: 'integer', nullable: true, meaning: 'Recorded, and never dialled.', read: r => r.node.port },
  gpu_type: { type: 'text', meaning: '`apple_metal`, `cuda` or `cpu`.', read: r => r.node.gpuType },
  gpu_name: { type: 'text', nullable: true, meaning: 'Its graphics processor.', read: r => r.node.gpuName },
  gpu_cores: { type: 'integer', nullable: true, meaning: 'Cores of that.', read: r => r.node.gpuCores },
  memory_gb: { type: 'real', unit: 'GB', meaning: 'Its memory.', read: r => r.node.memoryGb },
  chip: { type: 'text', nullable: true, meaning: 'Its processor.', read: r => r.node.chip },
  frameworks: { type: 'text', meaning: 'What it can compute with, a JSON array.', read: r => JSON.stringify(r.node.frameworks) },
  metal_support: { type: 'boolean', meaning: 'As it declares.', read: r => r.node.metalSupport },
  mlx_available: { type: 'boolean', meaning: 'As it declares.', read: r => r.node.mlxAvailable },
  cuda_available: { type: 'boolean', meaning: 'As it declares.', read: r => r.node.cudaAvailable },
  task_types: {
    type: 'text',
    nullable: true,
    meaning: 'The types of tasks it makes, a JSON array; null: any.',
    read: r => jsonOrNull(r.node.taskTypes),
  },
  checks_ms: {
    type: 'text',
    nullable: true,
    meaning: 'How long its self-check of each framework took, ms, a JSON object; null: it made none.',
    read: r => jsonOrNull(r.node.checksMs),
  },
  registered_at: { type: 'time', meaning: 'When it registered first.', read: r => r.time },
  heartbeat_at: { type: 'time', nullable: true, meaning: 'When it was heard last; null: never.', read: () => null },
  load: { type: 'real', nullable: true, meaning: 'Its load, as it said last.', read: () => null },
  rtt_ms: {
    type: 'real',
    nullable: true,
    unit: 'ms',
    meaning: 'Its round trip to the server, as it measured last.',
    read: () => null,
  },
}

/** Registering again keeps when it was heard. */
const declared = Object.keys(nodeColumns).filter(name => !/^(node_id|registered_at|heartbeat_at|load|rtt_ms)$/.test(name))

export const poolNodesTable: SqlTable<NodeRow> = {
  name: 'nodes',
  meaning: 'One row a node that registered.',
  columns: nodeColumns,
  onConflict: `(node_id) DO UPDATE SET ${declared.map(name => `${name} = excluded.${name}`).join(', ')}`,
}

export const poolTasksTable: SqlTable<NewPoolTask> = {
  name: 'tasks',
  meaning: 'One row a task, with its result.',
  columns: {
    id: { type: 'integer', sql: 'INTEGER PRIMARY KEY AUTOINCREMENT', meaning: 'Tasks in the order of their arrival.' },
    task_id: { type: 'text', sql: 'TEXT UNIQUE NOT NULL', meaning: 'The task.', read: t => t.taskId },
    task_type: { type: 'text', meaning: 'The handler that makes it.', read: t => t.taskType },
    data: { type: 'text', meaning: 'What it is given, as JSON.', read: t => t.data },
    gpu_type: { type: 'text', nullable: true, meaning: 'What its node must have; null: any.', read: t => t.gpuType },
    framework: { type: 'text', nullable: true, meaning: 'What its node must compute with; null: any.', read: t => t.framework },
    min_memory_gb: { type: 'real', nullable: true, unit: 'GB', meaning: 'What its node must have.', read: t => t.minMemoryGb },
    prefer: {
      type: 'text',
      nullable: true,
      meaning: '`low_latency`: the node of the least round trip comes first.',
      read: t => t.prefer,
    },
    priority: { type: 'integer', meaning: '1 is the most urgent, 5 the least; ties go by arrival.', read: t => t.priority },
    status: { type: 'text', meaning: '`pending`, `running`, `completed` or `failed`.', read: () => 'pending' },
    assigned_node: {
      type: 'text',
      nullable: true,
      meaning: 'The node that makes it, or made it; of a pending one, the node it is kept for.',
      read: () => null,
    },
    kept_until: { type: 'time', nullable: true, meaning: 'Until when it is kept for that node.', read: () => null },
    lease: { type: 'text', nullable: true, meaning: 'Whoever sends the result must know it.', read: () => null },
    lease_until: { type: 'time', nullable: true, meaning: 'Until when it is that node’s alone.', read: () => null },
    attempts: { type: 'integer', meaning: 'How often it was claimed.', read: () => 0 },
    created_at: { type: 'time', meaning: 'When it arrived.', read: t => t.createdAt },
    claimed_at: { type: 'time', nullable: true, meaning: 'When it was claimed last.', read: () => null },
    finished_at: { type: 'time', nullable: true, meaning: 'When its result was accepted.', read: () => null },
    result: { type: 'text', nullable: true, meaning: 'What came of it, as JSON.', read: () => null },
    error: { type: 'text', nullable: true, meaning: 'Why it failed.', read: () => null },
    execution_ms: { type: 'real', nullable: true, unit: 'ms', meaning: 'How long it took, as its node says.', read: () => null },
    gpu_utilization: { type: 'real', nullable: true, meaning: 'As its node says.', read: () => null },
    memory_used_mb: { type: 'real', nullable: true, unit: 'MB', meaning: 'As its node says.', read: () => null },
  },
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
