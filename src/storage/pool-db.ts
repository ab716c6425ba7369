/** `compute_pool.db`: the record of a pool of machines. A task is claimed here, in one statement, so no two nodes get it. */

import { fault, type TimeMs } from '../core/index.js'
import { withRetry } from './errors.js'
import { type NewPoolTask, type PoolDemand, type PoolNode, poolNodesTable, poolTasksTable } from './pool-tables.js'
import { poolKind } from './schema.js'
import { insertInto, rowValues } from './sql-table.js'
import { type OpenDatabase, openDatabase, transact } from './sqlite.js'

export type PoolTaskStatus = 'pending' | 'running' | 'completed' | 'failed'

/** A row of `nodes`. */
export interface PoolNodeRow {
  readonly node_id: string
  readonly name: string
  readonly host: string
  readonly port: number | null
  readonly gpu_type: string
  readonly gpu_name: string | null
  readonly gpu_cores: number | null
  readonly memory_gb: number
  readonly chip: string | null
  readonly frameworks: string
  readonly metal_support: number
  readonly mlx_available: number
  readonly cuda_available: number
  readonly task_types: string | null
  readonly checks_ms: string | null
  readonly registered_at: TimeMs
  readonly heartbeat_at: TimeMs | null
  readonly load: number | null
  readonly rtt_ms: number | null
}

/** A row of `tasks`, without what it was given and what came of it. */
export interface PoolTaskRow {
  readonly id: number
  readonly task_id: string
  readonly task_type: string
  readonly priority: number
  readonly status: PoolTaskStatus
  readonly assigned_node: string | null
  readonly attempts: number
  readonly created_at: TimeMs
  readonly claimed_at: TimeMs | null
  readonly finished_at: TimeMs | null
  readonly error: string | null
  readonly execution_ms: number | null
  readonly gpu_utilization: number | null
  readonly memory_used_mb: number | null
}

/** A task that was just claimed. */
export interface ClaimedTask {
  readonly task_id: string
  readonly task_type: string
  /** JSON. */
  readonly data: string
  readonly priority: number
  readonly lease_until: TimeMs
}

/** What a node sends of a task it made. */
export interface PoolOutcome {
  readonly taskId: string
  readonly lease: string
  /** JSON; null where it failed. */
  readonly result: string | null
  readonly error: string | null
  readonly executionMs: number | null
  readonly gpuUtilization: number | null
  readonly memoryUsedMb: number | null
}

interface NodeBeat {
  readonly node: string
  readonly load: number | null
  readonly rttMs: number | null
  /** Of the tasks at hand; null: of all that are the node's. */
  readonly leases: readonly string[] | null
  readonly now: TimeMs
  readonly until: TimeMs
}

/** Which tasks are wanted; null: any. */
export interface PoolTaskFilter {
  readonly status: PoolTaskStatus | null
  /** Tasks older than this one, by its number. */
  readonly before: number | null
  readonly limit: number
}

const claimNext = `
UPDATE tasks SET status = 'running', assigned_node = @node, kept_until = NULL, lease = @lease, lease_until = @until,
  claimed_at = @now, attempts = attempts + 1
WHERE id = (
  SELECT t.id FROM tasks t JOIN nodes n ON n.node_id = @node
  WHERE t.status = 'pending'
    AND (t.gpu_type IS NULL OR t.gpu_type = n.gpu_type)
    AND (t.framework IS NULL OR t.framework IN (SELECT value FROM json_each(n.frameworks)))
    AND (t.min_memory_gb IS NULL OR t.min_memory_gb <= n.memory_gb)
    AND (n.task_types IS NULL OR t.task_type IN (SELECT value FROM json_each(n.task_types)))
    AND (t.kept_until IS NULL OR t.kept_until <= @now OR t.assigned_node = @node)
  ORDER BY t.priority, t.id LIMIT 1)
RETURNING task_id, task_type, data, priority, lease_until`

const nearestNode = `
SELECT node_id FROM nodes
WHERE heartbeat_at > @since AND rtt_ms IS NOT NULL
  AND (@gpuType IS NULL OR gpu_type = @gpuType)
  AND (@framework IS NULL OR @framework IN (SELECT value FROM json_each(frameworks)))
  AND (@minMemoryGb IS NULL OR memory_gb >= @minMemoryGb)
  AND (task_types IS NULL OR @taskType IN (SELECT value FROM json_each(task_types)))
ORDER BY rtt_ms, node_id LIMIT 1`

/** A node that was never heard counts from when it registered. */
const forgetSilent = `
DELETE FROM nodes WHERE node_id = (
  SELECT n.node_id FROM nodes n
  WHERE coalesce(n.heartbeat_at, n.registered_at) <= @since
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.status = 'running' AND t.assigned_node = n.node_id)
  ORDER BY coalesce(n.heartbeat_at, n.registered_at), n.node_id LIMIT 1)`

const extendLeases = `
UPDATE tasks SET lease_until = @until
WHERE status = 'running' AND assigned_node = @node AND lease_until > @now
  AND (@leases IS NULL OR lease IN (SELECT value FROM json_each(@leases)))`

/** Their leases are over; {@link takeBack} does the rest. */
const takeFromNode = "UPDATE tasks SET lease_until = @now WHERE status = 'running' AND assigned_node = @node"

const releaseTask = `
UPDATE tasks SET status = 'pending', assigned_node = NULL, lease = NULL, lease_until = NULL, attempts = attempts - 1
WHERE task_id = @taskId AND lease = @lease`

const finishTask = `
UPDATE tasks SET status = CASE WHEN @error IS NULL THEN 'completed' ELSE 'failed' END, lease = NULL, lease_until = NULL,
  finished_at = @now, result = @result, error = @error, execution_ms = @executionMs, gpu_utilization = @gpuUtilization,
  memory_used_mb = @memoryUsedMb
WHERE task_id = @taskId AND status = 'running' AND lease = @lease AND lease_until > @now`

/** A task that lost so many nodes counts as what ends them. */
const giveUp = `
UPDATE tasks SET status = 'failed', lease = NULL, lease_until = NULL, finished_at = @now,
  error = 'Its node fell silent ' || attempts || ' times.'
WHERE status = 'running' AND lease_until <= @now AND attempts >= @most
RETURNING task_id`

const takeBack = `
UPDATE tasks SET status = 'pending', assigned_node = NULL, lease = NULL, lease_until = NULL
WHERE status = 'running' AND lease_until <= @now`

/** The time for which they were kept is over. */
const keepNoLonger = "UPDATE tasks SET assigned_node = NULL, kept_until = NULL WHERE status = 'pending' AND kept_until <= @now"

const selectTask = `
SELECT id, task_id, task_type, priority, status, assigned_node, attempts, created_at, claimed_at, finished_at, error, execution_ms,
  gpu_utilization, memory_used_mb
FROM tasks WHERE task_id = ?`

const pageOfTasks = `
SELECT id, task_id, task_type, priority, status, assigned_node, attempts, created_at, claimed_at, finished_at, error, execution_ms,
  gpu_utilization, memory_used_mb
FROM tasks
WHERE (@status IS NULL OR status = @status) AND (@before IS NULL OR id < @before)
ORDER BY id DESC LIMIT @limit`

const anyDue = `
SELECT EXISTS (SELECT 1 FROM tasks WHERE status = 'running' AND lease_until <= @now)
  OR EXISTS (SELECT 1 FROM tasks WHERE status = 'pending' AND kept_until <= @now)`

/** Rows are read at any time; they are written within {@link commit}. */
export class PoolRecord {
  private readonly sql

  private constructor(private readonly open: OpenDatabase) {
    const { db } = open
    this.sql = {
      register: db.prepare(insertInto(poolNodesTable)),
      heartbeat: db.prepare(
        'UPDATE nodes SET heartbeat_at = @now, load = @load, rtt_ms = coalesce(@rttMs, rtt_ms) WHERE node_id = @node',
      ),
      heard: db.prepare('UPDATE nodes SET heartbeat_at = @now WHERE node_id = @node'),
      extend: db.prepare(extendLeases),
      orphan: db.prepare(takeFromNode),
      extendAll: db.prepare("UPDATE tasks SET lease_until = @until WHERE status = 'running'"),
      node: db.prepare('SELECT * FROM nodes WHERE node_id = ?'),
      nodes: db.prepare('SELECT * FROM nodes ORDER BY name, node_id'),
      nodeCount: db.prepare('SELECT count(*) FROM nodes').pluck(),
      forget: db.prepare(forgetSilent),
      nearest: db.prepare(nearestNode).pluck(),
      add: db.prepare(insertInto(poolTasksTable)),
      keep: db.prepare('UPDATE tasks SET assigned_node = @node, kept_until = @until WHERE task_id = @taskId'),
      claim: db.prepare(claimNext),
      release: db.prepare(releaseTask),
      finish: db.prepare(finishTask),
      giveUp: db.prepare(giveUp).pluck(),
      takeBack: db.prepare(takeBack),
      keepNoLonger: db.prepare(keepNoLonger),
      task: db.prepare(selectTask),
      given: db.prepare('SELECT task_type, data FROM tasks WHERE task_id = ?'),
      result: db.prepare('SELECT result FROM tasks WHERE task_id = ?').pluck(),
      tasks: db.prepare(pageOfTasks),
      pending: db.prepare("SELECT count(*) FROM tasks WHERE status = 'pending'").pluck(),
      counts: db.prepare('SELECT status, count(*) AS n FROM tasks GROUP BY status'),
      due: db.prepare(anyDue).pluck(),
    }
  }

  /** Opens or makes the record; one process at a time may have it. */
  static open(path: string): PoolRecord {
    return new PoolRecord(openDatabase(path, poolKind))
  }

  /** Everything that `work` writes is on disk when this returns, or nothing of it. */
  commit(bytesNeeded: number, work: () => void): void {
    transact(this.open, bytesNeeded, work)
  }

  /** What the node had before it began anew is nobody's. */
  register(node: PoolNode, nodeId: string, time: TimeMs): void {
    this.sql.register.run(rowValues(poolNodesTable, { node, nodeId, time }))
    this.sql.orphan.run({ node: nodeId, now: time })
  }

  /** Extends the leases of what the node makes: those it names, or all where it names none. */
  heartbeat(beat: NodeBeat): void {
    const { node, load, rttMs, leases, now, until } = beat
    this.sql.heartbeat.run({ node, load, rttMs, now })
    this.sql.extend.run({ node, now, until, leases: leases === null ? null : JSON.stringify(leases) })
  }

  /** Nobody could be heard while the server was away: every lease begins again. */
  extendAll(until: TimeMs): void {
    this.sql.extendAll.run({ until })
  }

  node(nodeId: string): PoolNodeRow | undefined {
    return this.read(() => this.sql.node.get(nodeId) as PoolNodeRow | undefined)
  }

  nodes(): PoolNodeRow[] {
    return this.read(() => this.sql.nodes.all() as PoolNodeRow[])
  }

  nodeCount(): number {
    return this.read(() => this.sql.nodeCount.get() as number)
  }

  /** Forgets the node that was heard longest ago, where it was not heard since then and makes no task. False: there is none. */
  forgetSilent(since: TimeMs): boolean {
    return this.sql.forget.run({ since }).changes === 1
  }

  /** The node of the least measured round trip that was heard since then and may make such a task. */
  nearest(task: PoolDemand & { readonly taskType: string }, since: TimeMs): string | undefined {
    const { gpuType, framework, minMemoryGb, taskType } = task
    return this.read(() => this.sql.nearest.get({ gpuType, framework, minMemoryGb, taskType, since }) as string | undefined)
  }

  add(task: NewPoolTask): void {
    this.sql.add.run(rowValues(poolTasksTable, task))
  }

  /** Until then no other node gets it. */
  keepFor(taskId: string, node: string, until: TimeMs): void {
    this.sql.keep.run({ taskId, node, until })
  }

  /** The most urgent task that the node may make is its own from now on; undefined: there is none. */
  claim(claim: { node: string; lease: string; now: TimeMs; until: TimeMs }): ClaimedTask | undefined {
    const task = this.sql.claim.get(claim) as ClaimedTask | undefined
    if (task !== undefined) this.sql.heard.run({ node: claim.node, now: claim.now })
    return task
  }

  /** Gives back a task that its node never heard of. */
  release(taskId: string, lease: string): void {
    this.sql.release.run({ taskId, lease })
  }

  /** False where the lease is not, or no longer, that of the task. */
  finish(outcome: PoolOutcome, now: TimeMs): boolean {
    return this.sql.finish.run({ ...outcome, now }).changes === 1
  }

  /** Tasks whose lease is over are pending again, and those kept for a node too long are any node's; those that lost `most` nodes have failed, and are named. */
  takeBack(now: TimeMs, most: number): { readonly lost: number; readonly failed: readonly string[] } {
    this.sql.keepNoLonger.run({ now })
    const failed = this.sql.giveUp.all({ now, most }) as string[]
    return { lost: failed.length + this.sql.takeBack.run({ now }).changes, failed }
  }

  /** Whether a lease, or the time for which a task is kept, is over. */
  isDue(now: TimeMs): boolean {
    return this.read(() => this.sql.due.get({ now }) === 1)
  }

  task(taskId: string): PoolTaskRow | undefined {
    return this.read(() => this.sql.task.get(taskId) as PoolTaskRow | undefined)
  }

  /** What a task was given, as JSON. */
  given(taskId: string): { readonly task_type: string; readonly data: string } | undefined {
    return this.read(() => this.sql.given.get(taskId) as { task_type: string; data: string } | undefined)
  }

  /** JSON; null where there is none. */
  result(taskId: string): string | null {
    return this.read(() => (this.sql.result.get(taskId) as string | null | undefined) ?? null)
  }

  /** The newest first. */
  tasks(filter: PoolTaskFilter): PoolTaskRow[] {
    return this.read(() => this.sql.tasks.all(filter) as PoolTaskRow[])
  }

  pending(): number {
    return this.read(() => this.sql.pending.get() as number)
  }

  counts(): Record<PoolTaskStatus, number> {
    const rows = this.read(() => this.sql.counts.all() as { status: PoolTaskStatus; n: number }[])
    return { pending: 0, running: 0, completed: 0, failed: 0, ...Object.fromEntries(rows.map(({ status, n }) => [status, n])) }
  }

  close(): void {
    this.open.close()
  }

  private read<T>(work: () => T): T {
    return withRetry(this.open.path, 'reading', 0, () => {
      fault('storage.read')
      return work()
    })
  }
}
