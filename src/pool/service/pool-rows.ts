/** Rows of the record as the service shows them, and what it is told as rows. */

import type { z } from 'zod'
import type { TimeMs } from '../../core/index.js'
import type { PoolNode, PoolNodeRow, PoolTaskRow } from '../../storage/index.js'
import type { PoolNodeInfo, PoolTask } from './protocol.js'
import type { registration } from './shapes.js'

export function nodeOf(given: z.output<typeof registration>): PoolNode {
  return {
    name: given.name,
    host: given.host,
    port: given.port ?? null,
    gpuType: given.gpu_type,
    gpuName: given.gpu_name ?? null,
    gpuCores: given.gpu_cores ?? null,
    memoryGb: given.memory_gb,
    chip: given.chip ?? null,
    frameworks: given.frameworks,
    metalSupport: given.metal_support,
    mlxAvailable: given.mlx_available,
    cudaAvailable: given.cuda_available,
    taskTypes: given.task_types ?? null,
    checksMs: given.checks_ms ?? null,
  }
}

/** `onlineSince`: a node that was not heard since then is offline. */
export function nodeInfo(row: PoolNodeRow, onlineSince: TimeMs): PoolNodeInfo {
  const { frameworks, task_types, checks_ms, metal_support, mlx_available, cuda_available, ...node } = row
  return {
    ...node,
    status: (row.heartbeat_at ?? 0) > onlineSince ? 'online' : 'offline',
    frameworks: JSON.parse(frameworks),
    metal_support: metal_support === 1,
    mlx_available: mlx_available === 1,
    cuda_available: cuda_available === 1,
    task_types: task_types === null ? null : JSON.parse(task_types),
    checks_ms: checks_ms === null ? null : JSON.parse(checks_ms),
  }
}

export function taskInfo(row: PoolTaskRow): PoolTask {
  const { id, task_id, task_type, priority, status, assigned_node, attempts, created_at, claimed_at, finished_at } = row
  return { id, task_id, task_type, priority, status, assigned_node, attempts, created_at, claimed_at, finished_at }
}
