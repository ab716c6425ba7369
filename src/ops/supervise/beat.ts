/** What a child says of itself once a second, on the channel that it has from its supervisor. */

import * as z from 'zod'

const count = z.number().finite().nonnegative()

export const beatSchema = z.object({
  beat: z.literal(1),
  /** `starting`, or the state of its run. */
  state: z.string().max(40),
  rssBytes: count,
  /** Open files; null: the system does not say. */
  files: count.nullable(),
  /** Longest delay of its event loop since the last beat, ms. */
  loopDelayMs: count,
  /** Whether the market itself is away, and the names of all sources that fail now. */
  marketDown: z.boolean(),
  failed: z.array(z.string().max(100)).max(100),
  /** What is wrong with the model that it asks; null: nothing, or it asks none. */
  model: z.string().max(500).nullable(),
})

export type Beat = z.output<typeof beatSchema>

/** The variable by which a child knows that it is supervised. */
export const supervisedBy = 'MYCELIA_SUPERVISED'
