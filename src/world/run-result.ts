/** The result of a run: an object of the same shape for every verb that runs a scenario. */

import { z } from 'zod'

const count = z.number().int().nonnegative()
const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** Metrics by name; null where undefined, with the reason under `reasons`. `ignoredBy`: ideas that led to nothing, by reason. */
const metrics = z.looseObject({
  trades: count.nullable(),
  reasons: z.record(z.string(), z.string()).optional(),
  ignoredBy: z.record(z.string(), count).optional(),
})

const coincidences = {
  /** The mean over 200 shifts of the swarm’s ideas in time, their standard deviation, and the one-sided p of what was seen. */
  byChance: z.number().nonnegative(),
  sd: z.number().nonnegative().optional(),
  p: z.number().min(0).max(1).optional(),
}

/** What a control says: figures by name; null where there was nothing to compare. */
const control = z.looseObject({ trades: count, net: z.number() }).nullable()

const trading = {
  portfolios: z.object({ baseline: metrics, mycelial: metrics, synthesized: metrics }),
  /** The end of the first bar on which the portfolios might trade, and the bars since: what their figures and buy-and-hold’s count. */
  tradable: z.object({ since: z.number().nullable(), bars: count }).optional(),
  /** Equal-weight buy-and-hold of the same pairs. */
  buyAndHold: metrics.optional(),
  /** Random entries beside the baseline, count-matched thinnings of both others beside the synthesized portfolio. */
  controls: z.object({ randomEntry: control, mycelialThinned: control, baselineThinned: control }).optional(),
  patterns: z.looseObject({
    hypothesisSpace: count,
    tested: count,
    candidates: count,
    confirmed: count,
    approved: count,
    /** By horizon in bars, the weakest effect that would have been approved with this chance; empty in too short a run. */
    detectable: z
      .object({
        power: z.number(),
        bars: count,
        effects: z.array(z.object({ horizon: count, ic: z.number(), moveAtFourSigma: z.number() })),
      })
      .optional(),
  }),
  ideas: count,
  fills: count,
  trades: count,
  /** `opposite`: ideas of both kinds about one pair in opposite directions, within the same window. */
  collisions: z.object({ seen: count, ...coincidences, opposite: z.object({ seen: count, ...coincidences }).optional() }),
  halts: count,
}

/** What memory did to the ideas it was asked about, where there is a memory. */
const memory = z.object({
  ideas: count,
  /** Ideas whose confidence it changed, and by which factor on average, least and greatest. */
  changed: count,
  meanFactor: z.number().nonnegative(),
  least: z.number().nonnegative(),
  greatest: z.number().nonnegative(),
  /** Below `minConfidence` because of it; lifted above it; position larger; position smaller. */
  refused: count,
  admitted: count,
  sizedUp: count,
  sizedDown: count,
})

/** Pairs whose data ended while a position was open: when, and how many positions were closed by the rule for that. */
const dataEnded = z.array(z.object({ pair: z.string(), lastBarEnd: z.number(), positions: count }))

/** What `run` gives back, checked; the shape is the same for every verb that runs a scenario. */
export const runResultSchema = z.looseObject({
  scenario: z.string(),
  seed: count,
  /** In total, those before a resume included. */
  steps: count,
  /** At the end of the run. `core`, `support` and `ta` are 0 in models that are no swarm. */
  agents: z.object({ byType: z.record(z.string(), count), core: count, support: count, ta: count }),
  /** Of this process: steps, storage and Parquet; start-up and report excluded. */
  stepsPerSecond: z.number().nonnegative(),
  digest: hash,
  outputs: z.record(z.string(), hash),
  runDir: z.string(),
  /** Why no further step follows: the steps or the time that were asked for are done, the model stopped, the data ended, or a signal came. */
  ended: z.object({ by: z.enum(['steps', 'time', 'model', 'data', 'signal', 'error']), why: z.string() }).optional(),
  counters: z.record(z.string(), z.unknown()),
  /** Rows of input files that were well-shaped and impossible. */
  rejectedInputs: count,
  memory: memory.optional(),
  dataEnded: dataEnded.optional(),
  /** What a position loses against the last close when its pair’s data has ended, a fraction. */
  dataEndedLoss: z.number().min(0).max(1).optional(),
  /** Buy-and-hold of that part of the capital which has the mean exposure of the baseline; the rest is cash. */
  buyAndHoldMatched: z.object({ share: z.number().nonnegative(), return: z.number() }).optional(),
  /** Drivers of hypotheses, and those whose stream is noise in place of missing data. */
  drivers: z.object({ total: count, placebo: count }).optional(),
  /** When a drawdown halt ends, in words. */
  drawdownRule: z.string().optional(),
  haltsByKind: z.record(z.string(), count).optional(),
  ...z.object(trading).partial().shape,
})

/** The result of a scenario that trades: no figure may be missing. */
export const tradingResultSchema = runResultSchema.extend(trading)

/** What `run` gives back, and `--json` prints. */
export type RunResult = z.infer<typeof runResultSchema>
