/** Every bound of this room in one place; what overflows is counted by name where it happens. */

export const transportLimits = {
  /** Characters of one envelope: longer ones are neither sent nor read. */
  messageLength: 262_144,
  /** Levels of nesting in a message's data. */
  depth: 32,
  /** Characters of a publisher's name, of an epoch and of a topic's name. */
  nameLength: 200,
  /** Topics one process publishes, and topics it listens to. */
  topics: 4_000,
  /** Publishers one process keeps account of. */
  sources: 256,
  /** Earlier starts of one publisher that are remembered. */
  epochs: 8,
  /** Missed messages per publisher and topic that are still recognised when they come late. */
  missedRemembered: 1_024,
  /** Messages waiting for the world, and those among them that prove themselves, which have room of their own. */
  waiting: 50_000,
  guestsWaiting: 1_000,
  /** Characters of last messages kept for answers to other processes. */
  snapshotLength: 16_777_216,
  /** Messages of unknown publishers that wait until claims are read, their characters, and how long they wait, ms. */
  unknownWaiting: 1_000,
  unknownLength: 4_194_304,
  unknownMs: 2_000,
  /** Refused messages per publisher and topic whose numbers are no gaps. */
  refusedRemembered: 1_024,
  /** Messages handed to Redis and not yet acknowledged. */
  inFlight: 20_000,
} as const
