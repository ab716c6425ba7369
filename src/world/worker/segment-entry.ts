/** The program of the thread that writes a segment of the journal. */

import { parentPort, workerData } from 'node:worker_threads'
import { type SegmentTask, writeSegment } from '../../storage/index.js'
import { packed } from './crossing.js'
import type { SegmentSaid } from './write-segment.js'

const say = (said: SegmentSaid) => parentPort?.postMessage(said)

try {
  writeSegment(workerData as SegmentTask)
  say({ error: null })
} catch (error) {
  say({ error: packed(error) })
}
