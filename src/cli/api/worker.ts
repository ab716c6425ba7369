/** The program of the worker that serves the REST view beside a live run: readers cost the run's own thread nothing. */

import { parentPort, workerData } from 'node:worker_threads'
import { type Explanation, OperatorError } from '../../core/index.js'
import type { ApiPlace } from './place.js'
import { serveApi } from './serve.js'

/** What the worker says of itself. */
export type ApiSaid = { readonly url: string } | { readonly refused: Explanation }

try {
  const { source, url } = await serveApi(undefined, workerData as ApiPlace)
  parentPort?.on('message', ({ run }: { run: string }) => {
    source.run = run
  })
  parentPort?.postMessage({ url } satisfies ApiSaid)
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  parentPort?.postMessage({ refused: error.explanation } satisfies ApiSaid)
  parentPort?.close()
}
