/** Writes a segment of the journal in a thread of its own, so that the loop of a live run does not wait for it. */

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MyceliaError } from '../../core/index.js'
import type { SegmentTask, StartWriting } from '../../storage/index.js'
import { packageRoot } from '../package-info.js'
import { type CrossedError, unpacked } from './crossing.js'

/** The built file, also where the sources run as they are: a worker loads no TypeScript. */
const entry = join(packageRoot, 'dist', 'src', 'world', 'worker', 'segment-entry.js')

/** Said by the thread at its end: the error, or null. */
export type SegmentSaid = { readonly error: CrossedError | null }

export const writeInThread: StartWriting = (task: SegmentTask, ended) => {
  const worker = new Worker(entry, { workerData: task, name: 'journal' })
  let isOver = false
  const end = (error: unknown) => {
    if (isOver) return
    isOver = true
    ended(error)
  }
  worker.on('message', ({ error }: SegmentSaid) => end(error === null ? undefined : unpacked(error)))
  worker.on('error', end)
  worker.on('exit', code => end(new MyceliaError(`The thread that writes it ended with code ${code}.`)))
  return async () => {
    isOver = true
    await worker.terminate()
  }
}
