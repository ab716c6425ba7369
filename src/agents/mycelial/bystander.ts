/** Bystander: does nothing. It shows that one more agent changes no draw of another. */

import { Agent } from '../../model/index.js'
import type { SwarmModel } from './ports.js'

export class Bystander extends Agent<SwarmModel> {}
