/** The program of a thread that replays spans, one after another. */

import { parentPort, workerData } from 'node:worker_threads'
import { type Manifest, openReadOnly } from '../../storage/index.js'
import { scenarioOfManifest } from '../live/engine/index.js'
import { useNodeSha256 } from '../node-sha256.js'
import { packed } from '../worker/crossing.js'
import { replaySpan, type SpanTask } from './replay-span.js'
import type { SpanSaid } from './run-spans.js'

const say = (said: SpanSaid) => parentPort?.postMessage(said)

useNodeSha256()
const loaded = scenarioOfManifest(workerData as Manifest, undefined)
parentPort?.on('message', async (task: SpanTask) => {
  try {
    const { scenario } = await loaded
    const db = openReadOnly(task.ledger)
    try {
      say({ kind: 'replayed', span: replaySpan(task, scenario, db, ticks => say({ kind: 'ticks', ticks })) })
    } finally {
      db.close()
    }
  } catch (error) {
    say({ kind: 'error', error: packed(error) })
  }
})
