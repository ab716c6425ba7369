/** The program of the thread that serves viewers: what they do costs the run's own thread nothing. */

import { parentPort, workerData } from 'node:worker_threads'
import { OperatorError } from '../../core/index.js'
import { FrameServer, type FrameServerOptions } from './frame-server.js'
import type { FromViewers, ToViewers } from './messages.js'

const say = (message: FromViewers) => parentPort?.postMessage(message)
const server = new FrameServer(workerData as FrameServerOptions, say)

parentPort?.on('message', async (message: ToViewers) => {
  if (message.kind !== 'close') return server.hear(message)
  await server.close()
  parentPort?.close()
})
try {
  say({ kind: 'listening', url: await server.listen() })
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  say({ kind: 'refused', why: error.explanation })
  await server.close()
  parentPort?.close()
}
