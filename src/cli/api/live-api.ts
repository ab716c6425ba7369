/** The REST view beside a live run: a worker that is started before the run, and told its directory once there is one. */

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { OperatorError } from '../../core/index.js'
import type { ApiPlace } from './place.js'
import type { ApiSaid } from './worker.js'

export interface LiveApi {
  readonly url: string
  /** Tells the view which run it shows. */
  show(run: string): void
  close(): Promise<void>
}

/** Throws where the port is taken, or the address needs a token. `onEnded`: the view has ended by itself; the run goes on. */
export async function serveLiveApi(place: ApiPlace, onEnded: (sentence: string) => void): Promise<LiveApi> {
  const worker = new Worker(await program(), { workerData: place, name: 'api' })
  const url = await urlOf(worker)
  let shown: string | undefined
  let isClosing = false
  worker.on('error', () => undefined)
  worker.on('exit', () => isClosing || onEnded('The REST view has ended; the run goes on. "mycelia serve" shows it again.'))
  worker.unref()
  return {
    url,
    show(run) {
      if (run !== shown) worker.postMessage({ run })
      shown = run
    },
    async close() {
      isClosing = true
      await worker.terminate()
    },
  }
}

/** The built file, also where the sources run as they are: a worker loads no TypeScript. */
async function program(): Promise<string> {
  const { packageRoot } = await import('../../world/package-info.js')
  return join(packageRoot, 'dist', 'src', 'cli', 'api', 'worker.js')
}

function urlOf(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (said: ApiSaid) => {
      if ('url' in said) resolve(said.url)
      else reject(new OperatorError(said.refused))
    })
  })
}
