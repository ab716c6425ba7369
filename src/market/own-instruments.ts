/** The user's own instruments as data: what orders in them must respect, by the name of the pair. */

import { z } from 'zod'
import { sessionSchema } from './session.js'

const name = z
  .string()
  .regex(/^[A-Z0-9]{1,20}$/, 'a pair is named by 1 to 20 capital letters and digits')
  .describe('the name of the pair, as files and orders use it')

const rules = z.strictObject({
  quote: z
    .string()
    .regex(/^[A-Z0-9]{2,8}$/, 'a currency is named by 2 to 8 capital letters and digits')
    .optional()
    .describe('currency of the prices; default: what the name ends in, else USD'),
  tickSize: z
    .number()
    .gt(0)
    .max(1e6)
    .optional()
    .describe('smallest price step, in the quote currency; default: six significant digits of the price'),
  lotDecimals: z
    .number()
    .int()
    .min(0)
    .max(8)
    .optional()
    .describe('decimals of a quantity; default: so many that the smallest step costs at most 0.01'),
  orderMin: z.number().min(0).max(1e9).optional().describe('smallest quantity of an order; default 0'),
  costMin: z.number().min(0).max(1e9).optional().describe('smallest cost of an order, in the quote currency; default 0.5'),
  session: sessionSchema.optional().describe('when the market is open, or the name of an exchange; default: always'),
})

/** Pair → rules. A pair of the table of 18 keeps what is left out; any other takes the generic rule. */
export const ownInstrumentsSchema = z.record(name, rules)

/** The user's own instruments: by pair, what orders in it must respect. */
export type OwnInstruments = z.output<typeof ownInstrumentsSchema>
