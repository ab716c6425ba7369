/** An agent's stream: a keyed counter whose whole state is the agent's count of draws, so a stream costs an agent one number. */

import { counterDraw, Rng, type Root, registerSaveable } from '../core/index.js'

/** What a stream needs of the agent that owns it. */
export interface StreamOwner {
  /** @internal */ _draws: number
  /** @internal */ readonly _family: number
  readonly ordinal: number
  /** @internal */ readonly model: { readonly _kernel: { readonly root: Root } }
}

// What V8 wants, so that a stream made for one draw is never made: no `super()`, through which it does not see, hence an Rng without
// `extends`; and no imported name in a method, since where one might not be there yet it keeps a way to throw, and with it `this`.
const draw = counterDraw

export interface AgentRng extends Rng {}
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the prototype is set below, and Rng has no fields.
export class AgentRng {
  static readonly savedAs = 'AgentRng'
  declare private owner: StreamOwner

  constructor(owner: StreamOwner) {
    this.owner = owner
  }

  uint32(): number {
    const { owner } = this
    const n = owner._draws
    // Counted after it is drawn: while somebody looks, the root refuses, and a draw that was refused is not counted.
    const drawn = draw(owner.model._kernel.root, owner._family, owner.ordinal, n)
    owner._draws = (n + 1) | 0
    return drawn
  }

  saveState(): unknown {
    return this.owner
  }

  loadState(state: unknown): void {
    this.owner = state as StreamOwner
  }
}

Object.setPrototypeOf(AgentRng.prototype, Rng.prototype)
registerSaveable(AgentRng)
