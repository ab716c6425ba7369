/** Replays the spans of a shard, several at once where the machine has the cores. */

import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MyceliaError } from '../../core/index.js'
import type { Manifest } from '../../storage/index.js'
import { scenarioOfManifest } from '../live/engine/index.js'
import { packageRoot } from '../package-info.js'
import type { GivenScenario } from '../run-request.js'
import { letOthersRun } from '../wall-clock.js'
import { type CrossedError, unpacked } from '../worker/crossing.js'
import { type ReplayedSpan, replaySpan, type SpanTask } from './replay-span.js'
import { isClosed, type LedgerDb } from './spans.js'

export interface SpansRequest {
  readonly scenario?: GivenScenario
  readonly cores?: number | undefined
  /** Called with each number of ticks that were replayed. */
  readonly onTicks: (ticks: number) => void
}

/** What a thread says. */
export type SpanSaid =
  | { readonly kind: 'ticks'; readonly ticks: number }
  | { readonly kind: 'replayed'; readonly span: ReplayedSpan }
  | { readonly kind: 'error'; readonly error: CrossedError }

/** Below so many ticks a second thread costs more than it saves. */
const worthAThread = 10_000
/** The built file, also where the sources run as they are: a worker loads no TypeScript. */
const entry = join(packageRoot, 'dist', 'src', 'world', 'replay', 'span-entry.js')

/** @param db one look at the ledger: rows of later looks may have moved to segments. */
export async function runSpans(
  tasks: readonly SpanTask[],
  manifest: Manifest,
  db: LedgerDb,
  request: SpansRequest,
): Promise<ReplayedSpan[]> {
  const closed = tasks.filter(({ span }) => isClosed(span))
  const threads = threadsFor(tasks, closed, request)
  const inOthers = threads > 1 ? inThreads(closed, manifest, threads, request.onTicks) : undefined
  const mine = inOthers === undefined ? tasks : tasks.filter(({ span }) => !isClosed(span))
  const here = await replayHere(mine, manifest, db, request)
  return [...((await inOthers) ?? []), ...here]
}

async function replayHere(
  tasks: readonly SpanTask[],
  manifest: Manifest,
  db: LedgerDb,
  { scenario: given, onTicks }: SpansRequest,
): Promise<ReplayedSpan[]> {
  if (tasks.length === 0) return []
  const { scenario } = await scenarioOfManifest(manifest, given)
  const spans: ReplayedSpan[] = []
  for (const task of tasks) {
    spans.push(replaySpan(task, scenario, db, onTicks))
    // The threads want their next spans.
    await letOthersRun()
  }
  return spans
}

/** A scenario that was given as an object cannot cross to another thread. */
function threadsFor(tasks: readonly SpanTask[], closed: readonly SpanTask[], { scenario, cores }: SpansRequest): number {
  if (typeof scenario === 'object' || !existsSync(entry)) return 1
  const ticks = tasks.reduce((sum, { span }) => sum + span.sources.reduce((n, { from, to }) => n + to - from, 0), 0)
  const wanted = cores ?? (ticks < worthAThread ? 1 : availableParallelism())
  return Math.min(wanted, closed.length)
}

async function inThreads(
  tasks: readonly SpanTask[],
  manifest: Manifest,
  threads: number,
  onTicks: (ticks: number) => void,
): Promise<ReplayedSpan[]> {
  const spans = new Array<ReplayedSpan>(tasks.length)
  let next = 0
  const work = async () => {
    const worker = new Worker(entry, { workerData: manifest, name: 'replay' })
    try {
      for (let i = next++; i < tasks.length; i = next++) spans[i] = await replayedBy(worker, tasks[i] as SpanTask, onTicks)
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: threads }, work))
  return spans
}

function replayedBy(worker: Worker, task: SpanTask, onTicks: (ticks: number) => void): Promise<ReplayedSpan> {
  return new Promise((resolve, reject) => {
    const died = (code: number) => reject(new MyceliaError(`A thread of the replay ended with code ${code}.`))
    const over = () => {
      worker.off('message', hear)
      worker.off('error', reject)
      worker.off('exit', died)
    }
    const hear = (said: SpanSaid) => {
      if (said.kind === 'ticks') return onTicks(said.ticks)
      over()
      if (said.kind === 'replayed') resolve(said.span)
      else reject(unpacked(said.error))
    }
    worker.on('message', hear)
    worker.on('error', reject)
    worker.on('exit', died)
    worker.postMessage(task)
  })
}
