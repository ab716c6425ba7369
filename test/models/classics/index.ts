/** The classics by name, as scenarios of any model. */

import type { Scenario } from 'mycelia'
import daisyworld from './daisyworld.js'
import economy from './economy.js'
import elFarol from './el-farol.js'
import seir from './seir.js'
import sznajd from './sznajd.js'
import vicsek from './vicsek.js'

export const classics = { daisyworld, economy, 'el-farol': elFarol, seir, sznajd, vicsek } as unknown as Record<string, Scenario>
