/** Where a model's inputs come from, tick by tick; a market implements it, a model without a world has none. */

/** One input: plain data that a journal can hold. The kinds `answer`, `align`, `lost`, `remote` and `change` are the simulation's own. */
export interface TickInput {
  readonly kind: string
}

/** The inputs of one instant. */
export interface SourceTick {
  readonly time: number
  /** True where agents step. */
  readonly step: boolean
  readonly inputs: readonly TickInput[]
  /** Inputs from outside, before the others. */
  readonly given?: readonly TickInput[]
}

/** Where a model’s inputs come from, tick by tick. */
export interface Source {
  /** The next tick, or undefined at the end of data. */
  next(): SourceTick | undefined
  save(): unknown
  restore(state: unknown): void
  /** What the manifest should say of it. */
  describe(): Record<string, unknown>
}

/** The answer to a request, as an input. */
export interface AnswerInput extends TickInput {
  readonly kind: 'answer'
  readonly request: number
  readonly value: unknown
}

/** The number the next step is to have, at least: shards of one run number their bars alike. */
export interface AlignInput extends TickInput {
  readonly kind: 'align'
  readonly step: number
}

/** Agents that another process has quarantined, by key; only those suspended here are concerned. */
export interface LostInput extends TickInput {
  readonly kind: 'lost'
  readonly agents: readonly string[]
}

/** What an agent of another process published. */
export interface RemoteInput extends TickInput {
  readonly kind: 'remote'
  /** The topic's name, which the model's `topicNamed` knows. */
  readonly topic: string
  /** The agent's id, the same in every process of a run. */
  readonly agent: number
  readonly message: unknown
}
