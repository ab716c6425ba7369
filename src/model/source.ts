/** Where a model's inputs come from, tick by tick; `market/` implements it, a model without a world has none. */

/** One input: plain data that a journal can hold. The kind `answer` is the kernel's own. */
export interface TickInput {
  readonly kind: string
}

/** The inputs of one instant. */
export interface SourceTick {
  readonly time: number
  /** True where agents step. */
  readonly step: boolean
  readonly inputs: readonly TickInput[]
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
