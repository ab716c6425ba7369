/** Bystander: does nothing; shows that one more agent shifts nobody's draws. */

import { Agent } from '../../model/index.js'
import type { SwarmModel } from './ports.js'

export class Bystander extends Agent<SwarmModel> {}
