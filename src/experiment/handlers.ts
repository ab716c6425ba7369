/** What the processes of an engine can make for this room: the module that threads load, and `mycelia worker` too. */

import type { Handlers } from '../pool/index.js'
import { prepareSweep } from './sweep-run.js'

export const handlers = {
  async hypothesis() {
    const { prepareHypothesis } = await import('./hypothesis/index.js')
    return prepareHypothesis()
  },
  sweep: prepareSweep,
} satisfies Handlers
