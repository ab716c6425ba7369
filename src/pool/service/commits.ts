/** Writes that come in one turn of the event loop are one transaction: a disk is waited for once for all of them. */

import type { PoolRecord } from '../../storage/index.js'
import { PoolRefusal } from './refusal.js'

interface Write {
  readonly bytes: number
  readonly work: () => unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

type Outcome = { readonly value: unknown } | { readonly refused: PoolRefusal }

export class Commits {
  private waiting: Write[] = []

  /** `then`: what follows from the writes of a turn, within their transaction; what it returns is called once they are on disk. */
  constructor(
    private readonly record: PoolRecord,
    private readonly then: () => () => void,
  ) {}

  /** Resolves when it is on disk. A refusal is its own, and is thrown before it writes; any other failure undoes the writes of its turn. */
  write<T>(bytes: number, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => this.flush())
      this.waiting.push({ bytes, work, resolve: resolve as (value: unknown) => void, reject })
    })
  }

  private flush(): void {
    const writes = this.waiting
    this.waiting = []
    const outcomes: Outcome[] = []
    let committed: () => void = () => undefined
    try {
      this.record.commit(
        writes.reduce((sum, { bytes }) => sum + bytes, 0),
        () => {
          // A busy database lets the whole be done again.
          outcomes.length = 0
          for (const { work } of writes) outcomes.push(outcomeOf(work))
          committed = this.then()
        },
      )
    } catch (error) {
      for (const { reject } of writes) reject(error)
      return
    }
    committed()
    writes.forEach(({ resolve, reject }, i) => {
      const outcome = outcomes[i] as Outcome
      if ('refused' in outcome) reject(outcome.refused)
      else resolve(outcome.value)
    })
  }
}

function outcomeOf(work: () => unknown): Outcome {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof PoolRefusal) return { refused: error }
    throw error
  }
}
