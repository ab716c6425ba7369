/** The program of the thread that asks Chroma for a run that waits: it does what it is given one after the other. */

import { workerData } from 'node:worker_threads'
import { chromaVectors, embedderNamed, TradeMemory } from '../../memory/index.js'
import { type CrossedError, packed } from './crossing.js'
import type { MemoryAnswer, MemoryTask, MemoryThreadData } from './memory-thread.js'

const { url, embedding, market, port, answered } = workerData as MemoryThreadData
const opening = open()
let earlier: Promise<void> = Promise.resolve()

port.on('message', (task: MemoryTask) => {
  earlier = earlier.then(() => act(task))
})

async function open(): Promise<TradeMemory> {
  const embedder = await embedderNamed(embedding)
  return new TradeMemory({ embedder, store: await chromaVectors({ url, embedding: embedder }) })
}

async function act(task: MemoryTask): Promise<void> {
  port.postMessage(await answerTo(task).catch((error: unknown): { error: CrossedError } => ({ error: packed(error) })))
  Atomics.add(answered, 0, 1)
  Atomics.notify(answered, 0)
}

async function answerTo(task: MemoryTask): Promise<MemoryAnswer> {
  const memory = await opening
  if (task.kind === 'similar') return { neighbours: await memory.similar({ ...task.question, market, run: market }) }
  await memory.remember([task.past])
  return { neighbours: [] }
}
