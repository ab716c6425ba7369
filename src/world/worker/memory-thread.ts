/** A memory in Chroma for a simulated run: a thread of its own asks the server, and the model waits for the answer. */

import { join } from 'node:path'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { isRecallRequest, recallQuestion } from '../../agents/index.js'
import { MyceliaError } from '../../core/index.js'
import type { CandidateQuery, PastCase } from '../../memory/index.js'
import type { RequestHandler } from '../../model/index.js'
import { type Idea, moatOfPattern, type Neighbour, recallOf, type Trade } from '../../trading/index.js'
import { packageRoot } from '../package-info.js'
import { type CrossedError, unpacked } from './crossing.js'

/** Where a simulated run remembers that does not in its own process. */
export interface ChromaMemory {
  readonly url: string
  readonly embedding: string | undefined
  /** The scope of its trades: those of other runs are not among its answers. */
  readonly market: string
}

/** What the thread is given. */
export interface MemoryThreadData extends ChromaMemory {
  readonly port: MessagePort
  /** Counts the answers. */
  readonly answered: Int32Array
}

/** What it is to do. */
export type MemoryTask =
  | { readonly kind: 'similar'; readonly question: Omit<CandidateQuery, 'market'> }
  | { readonly kind: 'remember'; readonly past: PastCase }

/** What comes of it. */
export interface MemoryAnswer {
  readonly neighbours: readonly Neighbour[]
}

/** The built file, also where the sources run as they are: a worker loads no TypeScript. */
const entry = join(packageRoot, 'dist', 'src', 'world', 'worker', 'memory-entry.js')

/** Longest wait for one answer: the server's own limit of time, and the start of the thread. */
const longestWaitMs = 30_000

/**
 * Answers from Chroma. All trades are there already when a checkpoint is resumed, and those of later are not found, so nothing is saved.
 * A server that fails ends the run at its last checkpoint: going on without would be another run.
 */
export function chromaRequestHandler(memory: ChromaMemory): RequestHandler {
  let thread: MemoryThread | undefined
  const ask = (task: MemoryTask) => {
    thread ??= new MemoryThread(memory)
    return thread.answer(task)
  }
  return {
    answer(kind, payload): unknown {
      if (isRecallRequest(kind)) return recalled(payload as Idea, ask)
      ask({ kind: 'remember', past: { run: memory.market, market: memory.market, trade: payload as Trade } })
      return true
    },
    save: () => null,
    restore: () => undefined,
  }
}

function recalled(idea: Idea, ask: (task: MemoryTask) => MemoryAnswer): unknown {
  const { features, direction, prediction, moats, pattern } = idea
  const subject = { features, direction, prediction, crossMoatScore: moats.length }
  const { neighbours } = ask({ kind: 'similar', question: { subject, before: recallQuestion(idea).before } })
  return { id: idea.id, ...recallOf(neighbours, moatOfPattern(pattern)) }
}

class MemoryThread {
  private readonly port: MessagePort
  private readonly answered = new Int32Array(new SharedArrayBuffer(4))
  private taken = 0

  constructor(memory: ChromaMemory) {
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    const workerData: MemoryThreadData = { ...memory, port: port2, answered: this.answered }
    new Worker(entry, { workerData, transferList: [port2], name: 'memory' }).unref()
    port1.unref()
  }

  /** Blocks until the thread has answered. */
  answer(task: MemoryTask): MemoryAnswer {
    this.port.postMessage(task)
    const waited = Atomics.wait(this.answered, 0, this.taken, longestWaitMs)
    const received = receiveMessageOnPort(this.port) as { message: MemoryAnswer | { error: CrossedError } } | undefined
    if (waited === 'timed-out' || received === undefined)
      throw new MyceliaError(`Chroma did not answer within ${longestWaitMs} ms.`)
    this.taken++
    if ('error' in received.message) throw unpacked(received.message.error)
    return received.message
  }
}
