/** Random entries beside those of users: as large, in a token of the same phase drawn by chance, left by the same rule, on paper. */

import type { LaunchModel } from '../../src/agents/index.js'
import { enterOnPaper, leaveOnPaper, type PaperPosition } from '../../src/agents/launch/exits.js'
import type { LaunchToken } from '../../src/agents/launch/token.js'
import type { UserTrade } from '../../src/agents/launch/topics.js'
import { hashName, Rng, rootOf } from '../../src/core/index.js'
import { isComplete, phaseOf, spotPrice } from '../../src/exchange/index.js'

/** An entry of a user, and its twin. */
interface Pair {
  own: number | null
  readonly twin: PaperPosition
  random: number | null
}

/** A price that is watched for a fall. */
interface Fall {
  readonly token: LaunchToken
  readonly price: number
  readonly until: number
  fell: boolean
}

/** Random entries whose falls are counted beside each entry. */
const FALLS = 5

export class RandomTwins {
  private readonly open = new Map<string, Pair>()
  private readonly done: Pair[] = []
  private readonly falls: { readonly own: Fall; readonly random: readonly Fall[] }[] = []
  private readonly rng: Rng

  constructor(
    private readonly model: LaunchModel,
    seed: number,
  ) {
    this.rng = Rng.derive(rootOf(seed), hashName('random-twins'), 0)
  }

  take({ user, pair, action, lamports, pnl, risk }: UserTrade): void {
    const key = `${user} ${pair}`
    if (action === 'sell') {
      const known = this.open.get(key)
      if (known === undefined || pnl === null) return
      known.own = pnl / (lamports - pnl)
      this.open.delete(key)
      this.done.push(known)
      return
    }
    const { model, rng } = this
    const bought = model.tokens.get(pair)
    const profile = model.users.toArray().find(({ key }) => key === user)?.profile
    if (bought === undefined || profile === undefined) return
    const phase = phaseOf(bought.curve)
    const alike = model.living.filter(({ curve }) => phaseOf(curve) === phase && !isComplete(curve))
    if (alike.length === 0) return
    const random = Array.from({ length: FALLS }, () => this.fallOf(rng.pick(alike)))
    this.falls.push({ own: this.fallOf(bought), random })
    const twin = enterOnPaper(rng.pick(alike), { profile, risk, lamports, now: model.now })
    if (twin !== null) this.open.set(key, { own: null, twin, random: null })
  }

  private fallOf(token: LaunchToken): Fall {
    const { now, params } = this.model
    return { token, price: spotPrice(token.curve), until: now + params.horizonMs, fell: false }
  }

  look(): void {
    for (const { own, random } of this.falls) for (const fall of [own, ...random]) this.watch(fall)
    for (const pair of [...this.open.values(), ...this.done])
      if (pair.random === null) pair.random = leaveOnPaper(pair.twin, this.model.now)
  }

  private watch(fall: Fall): void {
    const { now, params } = this.model
    if (!fall.fell && now <= fall.until) fall.fell = spotPrice(fall.token.curve) <= fall.price * (1 - params.collapse)
  }

  /** Entries, and how many of them and of the random ones beside fell within the hour. */
  get fallen(): { entries: number; own: number; random: number } {
    const [own, random] = [this.falls.filter(f => f.own.fell), this.falls.flatMap(f => f.random.filter(({ fell }) => fell))]
    return { entries: this.falls.length, own: own.length, random: random.length / FALLS }
  }

  /** The returns of all pairs that a user has left; a twin that is still held is left now. */
  end(): { own: number[]; random: number[] } {
    const { now } = this.model
    const ends = this.done.map(({ own, twin, random }) => ({
      own: own ?? 0,
      random: random ?? leaveOnPaper(twin, now, true) ?? 0,
    }))
    return { own: ends.map(({ own }) => own), random: ends.map(({ random }) => random) }
  }
}
