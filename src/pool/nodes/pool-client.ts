/** A typed client of a compute pool: what its service is asked, with the time it may take. */

import { randomUUID } from 'node:crypto' // nondeterminism-ok: names a task for a process outside, never read by a model
import { setTimeout as wait } from 'node:timers/promises'
import { MyceliaError, OperatorError, TransientError } from '../../core/index.js'
import type {
  Dispatched,
  NodeStatus,
  PoolClaim,
  PoolDispatch,
  PoolHeartbeat,
  PoolNodeInfo,
  PoolOutcome,
  PoolRegistration,
  PoolResult,
  PoolStatus,
  PoolTask,
  Registered,
  TaskStatus,
} from '../service/protocol.js'
import { type HttpAnswer, HttpConnections } from './http-request.js'

/** Where a pool is, and what it demands. */
export interface PoolClientOptions {
  /** Where the pool is: `http://127.0.0.1:9090`. */
  readonly url: string
  /** What the pool demands; default: nothing. */
  readonly token?: string | undefined
}

/** What the service refused, by the status of its answer: 404 unknown, 409 late or twice, 413 too large, 400 not as it must be. */
export class PoolError extends MyceliaError {
  override name = 'PoolError'
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** Longest that one request waits for a result or a task, ms, and how long an answer may take beyond that. */
const waitMs = 5_000
const answerMs = 10_000
/** Requests of a client that wait for results at once; where more are waited for, each waits so long, ms, and the next has its turn. */
const resultWaits = 64
const turnMs = 250
/** Node takes a longer delay for 1 ms. */
const longestTimerMs = 2 ** 31 - 1

/**
 * Asks a compute pool: dispatches tasks and waits for what comes of them, or works as a node.
 * Every method throws `TransientError` where the pool does not answer, or its queue is full, and `PoolError` where it refuses.
 */
export class PoolClient {
  private readonly url: string
  private readonly headers: Readonly<Record<string, string>>
  private readonly connections: HttpConnections
  private readonly waits: HttpConnections
  private waiting = 0

  constructor({ url, token }: PoolClientOptions) {
    this.url = checkedUrl(url)
    this.connections = new HttpConnections(this.url)
    this.waits = new HttpConnections(this.url, resultWaits)
    this.headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
  }

  status(): Promise<PoolStatus> {
    return this.ask('/status')
  }

  async nodes(status?: NodeStatus): Promise<PoolNodeInfo[]> {
    const { nodes } = await this.ask<{ nodes: PoolNodeInfo[] }>(`/nodes${status === undefined ? '' : `?status=${status}`}`)
    return nodes
  }

  node(nodeId: string): Promise<PoolNodeInfo> {
    return this.ask(`/nodes/${encodeURIComponent(nodeId)}`)
  }

  /** The newest first; `next` is `before` of the page that follows. */
  tasks(
    filter: { status?: TaskStatus; before?: number; limit?: number } = {},
  ): Promise<{ tasks: PoolTask[]; next: number | null }> {
    const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]))
    return this.ask(`/tasks?${query}`)
  }

  register(node: PoolRegistration): Promise<Registered> {
    return this.ask('/register', node)
  }

  heartbeat(beat: PoolHeartbeat): Promise<unknown> {
    return this.ask('/heartbeat', beat)
  }

  /**
   * Hands a task to the pool. It has its id before it is sent, so that a request whose answer was lost can be sent again.
   * @throws TransientError where the queue is full or the pool does not answer.
   */
  dispatch(task: PoolDispatch): Promise<Dispatched> {
    return this.ask('/dispatch', { ...task, task_id: task.task_id ?? randomUUID() }) // nondeterminism-ok: names a task for a process outside
  }

  /** A task for a node; undefined: there is none, not within the time that is waited either. */
  async claim(nodeId: string, within = 0, signal?: AbortSignal): Promise<PoolClaim | undefined> {
    const body = { node_id: nodeId, wait_ms: Math.min(within, waitMs) }
    const { task } = await this.ask<{ task: PoolClaim | null }>('/claim', body, signal)
    return task ?? undefined
  }

  sendResult(taskId: string, outcome: PoolOutcome): Promise<{ task_id: string; status: TaskStatus }> {
    return this.ask(`/results/${encodeURIComponent(taskId)}`, outcome)
  }

  /** What came of a task; undefined: it is not over. */
  async result(taskId: string): Promise<PoolResult | undefined> {
    return resultIn(await this.ask(`/results/${encodeURIComponent(taskId)}`))
  }

  /**
   * Waits for what comes of a task, also while the pool is away.
   * @param timeout ms.
   * @throws TransientError where it is not over by then.
   */
  async waitForResult(taskId: string, timeout: number): Promise<PoolResult> {
    const until = performance.now() + timeout
    const over = AbortSignal.timeout(Math.ceil(Math.max(0, Math.min(timeout, longestTimerMs))))
    this.waiting++
    try {
      for (let left = timeout; left > 0; left = until - performance.now()) {
        const result = await this.resultWithin(taskId, left, over)
        if (result !== undefined) return result
      }
    } finally {
      this.waiting--
    }
    throw new TransientError(`The task ${taskId} was not over within ${timeout} ms.`)
  }

  /** Undefined after a while without it; never at once. `over` ends it also while it waits for a connection. */
  private async resultWithin(taskId: string, ms: number, over: AbortSignal): Promise<PoolResult | undefined> {
    const from = performance.now()
    const turn = Math.floor(Math.min(ms, this.waiting > resultWaits ? turnMs : waitMs))
    const path = `/results/${encodeURIComponent(taskId)}?wait_ms=${turn}`
    try {
      const result = resultIn(await this.ask(path, undefined, over, this.waits))
      if (result !== undefined) return result
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
    }
    // A pool that is away, or has too many who wait, answers at once.
    await wait(Math.max(0, Math.min(turnMs, ms) - (performance.now() - from)))
    return undefined
  }

  private async ask<T>(path: string, body?: unknown, signal?: AbortSignal, by = this.connections): Promise<T> {
    const { status, text } = await this.answer(by, path, body, signal)
    if (status >= 200 && status < 300) return JSON.parse(text) as T
    const why = `The pool at ${this.url} answered ${status} to ${path}: ${saidIn(text)}`
    throw status === 429 || status >= 500 ? new TransientError(why) : new PoolError(status, why)
  }

  private async answer(by: HttpConnections, path: string, body: unknown, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    const { headers } = this
    const sent = body === undefined ? undefined : JSON.stringify(body)
    try {
      return await by.ask({ path, headers, body: sent, withinMs: waitMs + answerMs, signal })
    } catch (cause) {
      throw new TransientError(`The pool at ${this.url} does not answer.`, { cause })
    }
  }
}

function resultIn(answer: PoolResult | Dispatched): PoolResult | undefined {
  return 'result' in answer ? answer : undefined
}

function saidIn(text: string): string {
  try {
    return String((JSON.parse(text) as { error: unknown }).error)
  } catch {
    return text.slice(0, 200) || 'nothing more'
  }
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '')
    return text.replace(/\/+$/, '')
  const next = 'A token belongs in MYCELIA_API_TOKEN, never in an address.'
  throw new OperatorError({ what: '`url`', expected: 'the address of a pool, http or https', got: text, next })
}
