/**
 * The service of a compute pool: nodes register, claim tasks and send results; clients dispatch tasks and wait for what comes of them. What
 * it knows is in its record, so that it may end at any moment; in memory there are only those who wait.
 */

import { createHash, randomUUID } from 'node:crypto' // nondeterminism-ok: names tasks and leases of processes outside, never read by a model
import type { z } from 'zod'
import { canonicalJson, type TimeMs } from '../../core/index.js'
import type { PoolDemand, PoolRecord } from '../../storage/index.js'
import { poolLimits } from '../limits.js'
import { Commits } from './commits.js'
import { parsed } from './parsed.js'
import { nodeInfo, nodeOf, taskInfo } from './pool-rows.js'
import type {
  Dispatched,
  NodeStatus,
  PoolClaim,
  PoolNodeInfo,
  PoolRegistration,
  PoolResult,
  PoolStatus,
  PoolTask,
  Registered,
  TaskStatus,
} from './protocol.js'
import { PoolRefusal } from './refusal.js'
import * as shapes from './shapes.js'
import { Waits } from './waits.js'

export interface PoolServiceOptions {
  readonly record: PoolRecord
  /** A task whose node is silent for so long is made by another one, ms. */
  readonly leaseMs: number
  /** Tasks that wait before one more is refused; default: the limit. */
  readonly tasksPending?: number | undefined
  /** Ms since 1970; never goes back. */
  readonly now?: () => TimeMs
}

/** How often a node should be heard, ms, and how many heartbeats may be missed before it is offline. */
const heartbeatMs = 30_000
const missed = 3
/** How long a task that prefers a node is kept for it, ms. */
const keptMs = 2_000
/** Whether whoever asks is still there. */
interface Asked {
  readonly gone: AbortSignal
}

/** Bytes of a row beside its JSON. */
const rowBytes = 1_024

export class PoolService {
  /** What became of requests, since the start. */
  readonly counters = { dispatched: 0, claimed: 0, accepted: 0, late: 0, full: 0, leasesLost: 0 }
  private readonly record: PoolRecord
  private readonly commits: Commits
  private readonly now: () => TimeMs
  private readonly claims = new Waits<PoolClaim>(poolLimits.waits)
  private readonly results = new Waits<true>(poolLimits.waits)
  private readonly timer: NodeJS.Timeout
  /** Whether there may be something to claim for those who wait. */
  private hasNew = false
  /** How often there was something new. */
  private news = 0

  constructor(private readonly options: PoolServiceOptions) {
    const { record, leaseMs, now = wallClock } = options
    this.record = record
    this.now = now
    this.commits = new Commits(record, () => this.serveWaiting())
    record.commit(rowBytes, () => record.extendAll(now() + leaseMs))
    // Where the disk fails, requests are told; the next round tries again.
    this.timer = setInterval(() => void this.takeBack().catch(() => undefined), Math.min(1_000, leaseMs / 4))
    this.timer.unref()
  }

  async register(body: unknown): Promise<Registered> {
    const given = parsed(shapes.registration, body)
    const nodeId = nodeIdOf(given)
    await this.commits.write(rowBytes, () => {
      if (this.record.node(nodeId) === undefined) this.makeRoom()
      this.record.register(nodeOf(given), nodeId, this.now())
    })
    return { node_id: nodeId, heartbeat_ms: heartbeatMs, lease_ms: this.options.leaseMs }
  }

  async heartbeat(body: unknown): Promise<{ readonly node_id: string }> {
    const { node_id: node, load = null, rtt_ms: rttMs = null, leases = null } = parsed(shapes.heartbeat, body)
    await this.commits.write(rowBytes, () => {
      this.knownNode(node)
      this.record.heartbeat({ node, load, rttMs, leases, ...this.lease() })
    })
    return { node_id: node }
  }

  async dispatch(body: unknown): Promise<Dispatched> {
    const { task_id, task_type: taskType, data, requirements, priority } = parsed(shapes.dispatch, body)
    const taskId = task_id ?? randomUUID() // nondeterminism-ok: names a task of a client outside
    const json = canonicalJson(data)
    const demand = demandOf(requirements)
    await this.commits.write(json.length + rowBytes, () => {
      if (this.isKnown(taskId, taskType, json)) return
      if (this.record.pending() >= (this.options.tasksPending ?? poolLimits.tasksPending)) throw this.full()
      const now = this.now()
      this.record.add({ ...demand, taskId, taskType, data: json, priority, createdAt: now })
      this.counters.dispatched++
      this.tellNew()
      if (demand.prefer === null) return
      const nearest = this.record.nearest({ ...demand, taskType }, now - missed * heartbeatMs)
      if (nearest !== undefined) this.record.keepFor(taskId, nearest, now + keptMs)
    })
    const { assigned_node, status } = this.knownTask(taskId)
    return { task_id: taskId, assigned_node, status }
  }

  /** Null: there is nothing to make for this node, not within the time it waits either. */
  async claim(body: unknown, context: Asked): Promise<PoolClaim | null> {
    const { node_id: node, wait_ms: waitMs } = parsed(shapes.claim, body)
    let seen = 0
    const claimed = await this.commits.write(rowBytes, () => {
      this.knownNode(node)
      seen = this.news
      return this.claimFor(node)
    })
    const task = claimed ?? (waitMs > 0 ? await this.waitForTask(node, waitMs, context.gone, seen) : undefined)
    if (task !== undefined) this.giveBackIfGone(task, context.gone)
    return task ?? null
  }

  async finish(taskId: string, body: unknown): Promise<{ readonly task_id: string; readonly status: TaskStatus }> {
    const { lease, result, error = null, ...usage } = parsed(shapes.outcome, body)
    const json = error === null ? canonicalJson(result) : null
    await this.commits.write((json?.length ?? 0) + rowBytes, () => {
      const {
        execution_ms: executionMs = null,
        gpu_utilization: gpuUtilization = null,
        memory_used_mb: memoryUsedMb = null,
      } = usage
      const outcome = { taskId, lease, result: json, error, executionMs, gpuUtilization, memoryUsedMb }
      if (this.record.finish(outcome, this.now())) return
      this.knownTask(taskId)
      this.counters.late++
      throw new PoolRefusal(409, `The task ${taskId} is not, or no longer, yours: its lease is over, or it has its result.`)
    })
    this.counters.accepted++
    this.results.giveAll(taskId, true)
    return { task_id: taskId, status: error === null ? 'completed' : 'failed' }
  }

  /** What came of a task, within the time that is waited; else how it stands. */
  async result(taskId: string, query: unknown, context: Asked): Promise<PoolResult | Dispatched> {
    const { wait_ms: waitMs = 0 } = parsed(shapes.resultQuery, query)
    if (waitMs > 0 && !isOver(this.knownTask(taskId).status)) await this.results.wait(taskId, waitMs, context.gone)
    const { status, assigned_node: node, ...task } = this.knownTask(taskId)
    if (!isOver(status)) return { task_id: taskId, assigned_node: node, status }
    const { error, execution_ms, gpu_utilization, memory_used_mb } = task
    const result = this.record.result(taskId)
    return {
      task_id: taskId,
      status,
      result: result === null ? null : JSON.parse(result),
      error,
      node_id: node,
      execution_ms,
      gpu_utilization,
      memory_used_mb,
    }
  }

  nodes(query: unknown): PoolNodeInfo[] {
    const { status } = parsed(shapes.nodesQuery, query)
    const all = this.record.nodes().map(row => nodeInfo(row, this.onlineSince()))
    return status === undefined ? all : all.filter(node => node.status === status)
  }

  node(nodeId: string): PoolNodeInfo {
    return nodeInfo(this.knownNode(nodeId), this.onlineSince())
  }

  /** The newest first, a page at a time. */
  tasks(query: unknown): { readonly tasks: PoolTask[]; readonly next: number | null } {
    const { status = null, before = null, limit } = parsed(shapes.tasksQuery, query)
    const found = this.record.tasks({ status, before, limit: limit + 1 })
    const tasks = found.slice(0, limit).map(taskInfo)
    return { tasks, next: found.length > limit ? (tasks.at(-1)?.id ?? null) : null }
  }

  status(): PoolStatus {
    const nodes = this.nodes({})
    const online = nodes.filter(({ status }) => status === 'online')
    const tasks = this.record.counts()
    const sum = (of: (node: PoolNodeInfo) => number) => online.reduce((total, node) => total + of(node), 0)
    return {
      nodes: { online: online.length, offline: nodes.length - online.length } satisfies Record<NodeStatus, number>,
      tasks,
      capacity: {
        memory_gb: sum(node => node.memory_gb),
        gpu_cores: sum(node => node.gpu_cores ?? 0),
        gpu_types: counted(online.map(node => node.gpu_type)),
        frameworks: counted(online.flatMap(node => node.frameworks)),
        queue_free: Math.max(0, (this.options.tasksPending ?? poolLimits.tasksPending) - tasks.pending),
      },
    }
  }

  close(): void {
    clearInterval(this.timer)
    this.record.close()
  }

  private async takeBack(): Promise<void> {
    if (!this.record.isDue(this.now())) return
    const failed = await this.commits.write(rowBytes, () => {
      const { lost, failed } = this.record.takeBack(this.now(), poolLimits.mostTakeovers)
      this.counters.leasesLost += lost
      this.tellNew()
      return failed
    })
    for (const taskId of failed) this.results.giveAll(taskId, true)
  }

  private waitForTask(node: string, ms: number, gone: AbortSignal, seen: number): Promise<PoolClaim | undefined> {
    const task = this.claims.wait(node, ms, gone)
    // What came after its look, in the same turn, was offered before it waited: it is offered again.
    const offerAgain = () => {
      this.hasNew = true
    }
    if (this.news !== seen) void this.commits.write(rowBytes, offerAgain).catch(() => undefined)
    return task
  }

  private tellNew(): void {
    this.hasNew = true
    this.news++
  }

  /** Hands what is new to those who wait for it. Returns what is said to them once it is on disk. */
  private serveWaiting(): () => void {
    if (!this.hasNew) return () => undefined
    const given: { readonly node: string; readonly task: PoolClaim }[] = []
    for (const [node, waits] of this.claims.counts()) {
      for (let i = 0; i < waits; i++) {
        const task = this.claimFor(node)
        if (task === undefined) break
        given.push({ node, task })
      }
    }
    return () => {
      this.hasNew = false
      for (const { node, task } of given) this.claims.giveFirst(node, task)
    }
  }

  private claimFor(node: string): PoolClaim | undefined {
    const lease = randomUUID() // nondeterminism-ok: names a lease of a process outside
    const task = this.record.claim({ node, lease, ...this.lease() })
    if (task === undefined) return undefined
    this.counters.claimed++
    return { ...task, data: JSON.parse(task.data), lease }
  }

  /** A task whose answer could not be sent is nobody's. Where that fails too, its lease ends. */
  private giveBackIfGone({ task_id, lease }: PoolClaim, gone: AbortSignal): void {
    const release = () => {
      this.record.release(task_id, lease)
      this.tellNew()
    }
    const giveBack = () => void this.commits.write(rowBytes, release).catch(() => undefined)
    if (gone.aborted) giveBack()
    else gone.addEventListener('abort', giveBack, { once: true })
  }

  private lease(): { readonly now: TimeMs; readonly until: TimeMs } {
    const now = this.now()
    return { now, until: now + this.options.leaseMs }
  }

  private onlineSince(): TimeMs {
    return this.now() - missed * heartbeatMs
  }

  /** @throws PoolRefusal where another task has that id. */
  private isKnown(taskId: string, taskType: string, json: string): boolean {
    const known = this.record.given(taskId)
    if (known === undefined) return false
    if (known.task_type === taskType && known.data === json) return true
    throw new PoolRefusal(409, `Another task has the id ${taskId}.`)
  }

  /** @throws PoolRefusal where there are as many nodes as there may be, and each is online or makes a task. */
  private makeRoom(): void {
    if (this.record.nodeCount() < poolLimits.nodes || this.record.forgetSilent(this.onlineSince())) return
    throw new PoolRefusal(429, `There are ${poolLimits.nodes} nodes already, each online or at a task.`)
  }

  private knownNode(nodeId: string) {
    const node = this.record.node(nodeId)
    if (node === undefined) throw new PoolRefusal(404, `No node ${nodeId} has registered.`)
    return node
  }

  private knownTask(taskId: string) {
    const task = this.record.task(taskId)
    if (task === undefined) throw new PoolRefusal(404, `There is no task ${taskId}.`)
    return task
  }

  private full(): PoolRefusal {
    this.counters.full++
    return new PoolRefusal(429, 'The queue is full: tasks are made more slowly than they come. Try again later.')
  }
}

/** The same machine that registers again is the same node. */
function nodeIdOf({ name, host, port }: PoolRegistration): string {
  return createHash('sha256')
    .update(canonicalJson([name, host, port ?? null]))
    .digest('hex')
    .slice(0, 16)
}

function demandOf(given: z.output<typeof shapes.requirements> | null | undefined): PoolDemand {
  const { gpu_type = null, framework = null, min_memory_gb = null, prefer = null } = given ?? {}
  return { gpuType: gpu_type === 'any' ? null : gpu_type, framework, minMemoryGb: min_memory_gb, prefer }
}

function isOver(status: TaskStatus): status is PoolResult['status'] {
  return status === 'completed' || status === 'failed'
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** The time of the day, which a clock that is set back does not take back. */
function wallClock(): TimeMs {
  return Math.round(performance.timeOrigin + performance.now())
}
