/** What the processes of an engine can make for this room: the module that threads load, and `mycelia worker` too. */

import type { Handlers } from '../pool/index.js'
import { prepareHypothesis } from './hypothesis/index.js'
import { prepareSweep } from './sweep-run.js'

export const handlers = { hypothesis: prepareHypothesis, sweep: prepareSweep } satisfies Handlers
