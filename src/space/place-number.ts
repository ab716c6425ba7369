/** The numbers of places: plain numbers, of which the compiler knows whose they are. */

import type { Holds } from '../core/index.js'

/** The number of a grid's cell. Any number will do for one, a result of arithmetic too; only the number of a node does not. */
export type CellNumber = number & Holds<'cell'>

/** The number of a network's node. Any number will do for one, a result of arithmetic too; only the number of a cell does not. */
export type NodeNumber = number & Holds<'node'>
