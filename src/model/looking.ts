/** What protects a run while code looks at it: streams are put back afterwards, and agents' own streams refuse. */

import { OperatorError, type Root, type Stream } from '../core/index.js'

/** Who looks, as errors say it. */
export type Looker = 'a reporter' | 'onStep' | 'until' | 'a view'

/** The states of streams that a run has by name, taken before a look and put back after it. */
export class StreamStates {
  private states = new Int32Array(16)

  take(streams: ReadonlyMap<string, Stream>): void {
    if (this.states.length < 4 * streams.size) this.states = new Int32Array(8 * streams.size)
    let at = 0
    for (const stream of streams.values()) {
      stream.lend(this.states, at)
      at += 4
    }
  }

  /** Puts back the same streams: none is added while somebody looks. `borrowed`: the look goes on. */
  putBack(streams: ReadonlyMap<string, Stream>, borrowed = false): void {
    let at = 0
    for (const stream of streams.values()) {
      stream.putBack(this.states, at, borrowed)
      at += 4
    }
  }
}

/**
 * The root of the agents' own streams while somebody looks. An agent's stream has no state but its count of draws, so nothing could
 * put it back: a draw reads the root, and that throws.
 */
export class RefusingRoot implements Root {
  constructor(private readonly host: { readonly lookedAtBy: Looker }) {}

  readonly b = 0
  readonly c = 0
  readonly d = 0

  /** The word that a draw reads first. */
  get a(): number {
    const by = this.host.lookedAtBy
    throw new OperatorError({
      what: `a draw from an agent's own stream by ${by}`,
      expected: onlyLooks(by),
      next: 'Draw from model.rng, or collect what the agent drew in its step.',
    })
  }
}

/** Throws what a look must not do. */
export function refuseToAct(what: string, by: Looker): never {
  throw new OperatorError({ what: `${what} by ${by}`, expected: onlyLooks(by), next: 'Do it in a step.' })
}

function onlyLooks(by: Looker): string {
  return by === 'a reporter' ? 'reporters that only look' : 'code that only looks'
}
