/** A node of this machine: registers, is heard, claims tasks, makes them in threads, so that a long one does not silence it, and sends what came of them. */

import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { TransientError } from '../../core/index.js'
import { poolLimits } from '../limits.js'
import type { PoolClaim, PoolHeartbeat, PoolOutcome, PoolRegistration, Registered } from '../service/protocol.js'
import { made } from '../threads/made.js'
import { TaskThread } from '../threads/task-thread.js'
import { type PoolClient, PoolError } from './pool-client.js'

export interface PoolNodeOptions {
  readonly client: PoolClient
  readonly node: PoolRegistration
  /** The address of the module that exports `handlers`; it must be JavaScript. */
  readonly module: string
  /** What the handlers are made ready with. */
  readonly setup: unknown
  readonly workers: number
  readonly onNote: (note: string) => void
  /** Hears that the pool has the node. */
  readonly onRegistered?: (registered: Registered) => void
  /** Ends it after the tasks at hand. */
  readonly signal: AbortSignal
}

/** How long a claim waits for a task, ms. */
const claimMs = 5_000
/** Between two attempts at a pool that is away, ms. */
const againMs = 500

/** Works until it is told to end; resolves to the number of results that the pool accepted. */
export async function workForPool(options: PoolNodeOptions): Promise<number> {
  return new Work(options).untilEnded()
}

class Work {
  private registered: Registered | undefined
  private accepted = 0
  private isAway = false
  private roundTripMs: number | undefined
  /** Of the tasks at hand. */
  private readonly leases = new Set<string>()
  /** As of the last heartbeat: it takes longer to measure than a small task. */
  private memoryMb = memoryMb()

  constructor(private readonly options: PoolNodeOptions) {}

  async untilEnded(): Promise<number> {
    const { workers, module, signal } = this.options
    // Each claim that waits listens to it.
    setMaxListeners(0, signal)
    await this.register()
    // Told to end before the pool answered.
    if (this.registered === undefined) return this.accepted
    const threads = Array.from({ length: Math.min(workers, poolLimits.tasksPerNode) }, () => new TaskThread(module))
    const ending = new AbortController()
    const beating = this.beat(ending.signal)
    try {
      if (!signal.aborted) await Promise.all(threads.map(thread => this.serve(thread)))
    } finally {
      ending.abort()
      await Promise.all([beating, ...threads.map(thread => thread.close())])
    }
    return this.accepted
  }

  /** Waits for a pool that is away, until the work is told to end. @throws PoolError where it refuses the node. */
  private async register(): Promise<void> {
    const { client, node, onRegistered } = this.options
    const registered = await this.untilAnswered(() => client.register(node))
    if (registered === undefined) return
    this.registered = registered
    onRegistered?.(registered)
  }

  private async serve(thread: TaskThread): Promise<void> {
    const { client, signal } = this.options
    while (!signal.aborted) {
      const from = performance.now()
      const claimed = await this.untilAnswered(() => this.unlessForgotten(() => client.claim(this.nodeId, claimMs, signal)))
      if (claimed !== undefined) await this.make(thread, claimed)
      // Where too many wait, the pool answers at once.
      else if (performance.now() - from < againMs) await wait(againMs, undefined, { signal }).catch(() => undefined)
    }
  }

  private async make(thread: TaskThread, task: PoolClaim): Promise<void> {
    const { client } = this.options
    this.leases.add(task.lease)
    try {
      const outcome = await this.outcomeOf(thread, task)
      const answer = await this.untilAnswered(() => client.sendResult(task.task_id, outcome), this.leaseEnd())
      if (answer !== undefined) this.accepted++
    } catch (error) {
      // Late, or told twice because an answer was lost: another node has it, or the pool has its result.
      if (!(error instanceof PoolError)) throw error
      if (error.status !== 409) this.options.onNote(error.message)
    } finally {
      this.leases.delete(task.lease)
    }
  }

  private async outcomeOf(thread: TaskThread, { task_type, data, lease }: PoolClaim): Promise<PoolOutcome> {
    const from = performance.now()
    const job = { handler: task_type, setup: this.options.setup }
    const time = () => ({ lease, execution_ms: performance.now() - from, memory_used_mb: this.memoryMb })
    try {
      const [result] = await made(thread, job, [{ index: 0, input: data }])
      if (result === undefined) return { ...time(), error: 'The thread gave no result.' }
      return 'output' in result ? { ...time(), result: result.output ?? null } : { ...time(), error: result.error.message }
    } catch (error) {
      return { ...time(), error: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Three times in a lease, so that one that is lost costs nothing. */
  private async beat(signal: AbortSignal): Promise<void> {
    const { client } = this.options
    while (!signal.aborted) {
      const from = performance.now()
      this.memoryMb = memoryMb()
      try {
        await this.unlessForgotten(() => client.heartbeat(this.state()))
        this.roundTripMs = performance.now() - from
      } catch (error) {
        if (!(error instanceof TransientError) && !(error instanceof PoolError)) throw error
      }
      const { lease_ms, heartbeat_ms } = this.registered as Registered
      await wait(Math.min(lease_ms / 3, heartbeat_ms), undefined, { signal }).catch(() => undefined)
    }
  }

  private state(): PoolHeartbeat {
    return { node_id: this.nodeId, load: this.leases.size, rtt_ms: this.roundTripMs, leases: [...this.leases] }
  }

  /** No lease lasts longer while nobody is heard. */
  private leaseEnd(): number {
    return performance.now() + (this.registered?.lease_ms ?? 0)
  }

  private get nodeId(): string {
    return this.registered?.node_id ?? ''
  }

  /** A pool whose record is new knows no node: it registers again. */
  private async unlessForgotten<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof PoolError) || error.status !== 404) throw error
      await this.register()
      return undefined
    }
  }

  /** Tries again while the pool is away, until this time; undefined: it did not answer by then, or the work has ended. */
  private async untilAnswered<T>(ask: () => Promise<T>, until = Number.POSITIVE_INFINITY): Promise<T | undefined> {
    const { signal, onNote } = this.options
    const isBound = Number.isFinite(until)
    while (isBound || !signal.aborted) {
      try {
        const answer = await ask()
        this.isAway = false
        return answer
      } catch (error) {
        if (!(error instanceof TransientError)) throw error
        if (performance.now() > until) return undefined
        if (!signal.aborted && !this.isAway) onNote(`${error.message} Trying again.`)
        this.isAway = !signal.aborted
        await wait(againMs)
      }
    }
    return undefined
  }
}

function memoryMb(): number {
  return process.memoryUsage.rss() / 2 ** 20
}
