/** The worker in which a model runs: the first message says which. */

import { RunsInMemory, Session } from '../../src/view/index.js'
import { Carrier } from './carrier.js'
import type { FromWorker, ToWorker } from './messages.js'
import { loadModel } from './models.js'

const send = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer })

let carrier: Carrier | undefined
/** What the page says while the model is loaded. */
let early: ToWorker[] = []

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if ('run' in data) void start(data)
  else if (carrier === undefined) early.push(data)
  else carrier.hear(data)
}

async function start({ run: { model, ...beginning }, epoch }: Extract<ToWorker, { run: object }>): Promise<void> {
  try {
    const scenario = await loadModel(model)
    const session = new Session(new RunsInMemory(scenario), { ...beginning, epoch, now: () => performance.now() })
    carrier = new Carrier(session, send)
  } catch (error) {
    send({ failed: error instanceof Error ? error.message : String(error) })
    return
  }
  for (const message of early) carrier.hear(message)
  early = []
}
