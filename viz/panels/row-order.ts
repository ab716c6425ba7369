/** Rows may offer an order of an operator; the page that shows them says whether it takes orders. */

import { createContext } from 'preact'
import type { RowOrder } from '../../src/model/index.js'

/** Takes an order that was asked for, to be confirmed; undefined where none is taken. */
export const TakesOrders = createContext<((order: RowOrder) => void) | undefined>(undefined)
