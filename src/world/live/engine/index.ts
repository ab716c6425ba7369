/** `engine/`: a live run from its request to its result, and what a replay needs of its journal and its checkpoints. */

export { Answers } from './answers.js'
export { checkChange } from './check-change.js'
export { decodeEntry, type JournalEntry } from './journal-entry.js'
export { live } from './live.js'
export {
  decodeLiveCheckpoint,
  keptCheckpoints,
  type LiveCheckpoint,
  type PlacedCheckpoint,
  recordAt,
  requireTicks,
} from './live-checkpoint.js'
export { scenarioOfManifest } from './live-scenario.js'
export { collectFacts, noSource, sameLink } from './open-shard.js'
export type * from './request.js'
export { type LiveResult, liveResultSchema } from './result.js'
export type { Committed } from './shard.js'
export { allPortfolios, tickDecisions } from './tick-decisions.js'
export { TickFacts } from './tick-facts.js'
export type { MemoryChoice } from './vector-memory.js'
