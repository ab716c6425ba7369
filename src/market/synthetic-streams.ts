/** The synthetic market's moat streams: white noise, AR(1) or rare events, each drawing from its own random stream. */

import { OperatorError, type Root, Stream } from '../core/index.js'
import { allCauses } from './planted.js'
import { standardNormal } from './synthetic-normal.js'
import { moatDrivers, type SyntheticSettings } from './synthetic-options.js'

/** What a stream shows on an event, either sign alike, and the spread of the noise it shows otherwise. */
const EVENT_SIZE = 4
const EVENT_NOISE = 0.1

type StreamLaw = SyntheticSettings['streams'][string]
type EventLaw = Extract<StreamLaw, { kind: 'events' }>

/** The values of all twenty streams, bar by bar. */
export class SyntheticStreams {
  /** What each stream shows at the current close. */
  readonly values: Float64Array
  /** What acts on prices: an event's ±1 and 0 else; the value itself where the stream has no events. Events: variance = rate. */
  readonly impulses: Float64Array
  private readonly rngs: Stream[]
  /** The stream each one follows, −1 where it follows none; those followed are drawn first. */
  private readonly leaders: readonly number[]
  private readonly order: readonly number[]
  /** Chance of an event that is not one of the stream followed. */
  private readonly ownRates: Float64Array

  constructor(
    root: Root,
    private readonly laws: readonly StreamLaw[],
  ) {
    this.values = new Float64Array(laws.length)
    this.impulses = new Float64Array(laws.length)
    this.rngs = moatDrivers.map(name => new Stream(root, `market:stream:${name}`))
    this.leaders = laws.map(leaderOf)
    const all = [...laws.keys()]
    this.order = [...all.filter(i => this.leaders[i] === -1), ...all.filter(i => this.leaders[i] !== -1)]
    this.ownRates = Float64Array.from(laws, (law, i) => ownRate(law, laws[this.leaders[i] as number]))
  }

  /** Standard deviation of a stream's impulses. */
  impulseSd(stream: number): number {
    const law = this.laws[stream]
    return law?.kind === 'events' ? Math.sqrt(law.rate) : 1
  }

  /** What acts on prices where high and low values act alike: the size of an impulse less its mean. */
  evenImpulse(stream: number): number {
    const law = this.laws[stream]
    const impulse = this.impulses[stream] as number
    return law?.kind === 'events' ? Math.abs(impulse) - law.rate : impulse * impulse - 1
  }

  /** Standard deviation of those. */
  evenSd(stream: number): number {
    const law = this.laws[stream]
    return law?.kind === 'events' ? Math.sqrt(law.rate * (1 - law.rate)) : Math.SQRT2
  }

  next(): void {
    for (const i of this.order) this.draw(i, this.laws[i] as StreamLaw, this.rngs[i] as Stream)
  }

  save() {
    return { values: this.values.slice(), impulses: this.impulses.slice(), rngs: this.rngs.map(r => r.saveState()) }
  }

  restore(state: ReturnType<SyntheticStreams['save']>): void {
    this.values.set(state.values)
    this.impulses.set(state.impulses)
    this.rngs.forEach((rng, i) => {
      rng.loadState(state.rngs[i])
    })
  }

  /** An event's sign, or 0: the event of the stream followed, or one of its own. */
  private event(i: number, law: EventLaw, rng: Stream): number {
    const leader = this.leaders[i] as number
    const led = leader === -1 ? 0 : (this.impulses[leader] as number)
    if (led !== 0 && rng.chance(law.share)) return led
    return rng.chance(this.ownRates[i] as number) ? (rng.chance(0.5) ? 1 : -1) : 0
  }

  private draw(i: number, law: StreamLaw, rng: Stream): void {
    if (law.kind === 'events') {
      const impulse = this.event(i, law, rng)
      this.impulses[i] = impulse
      this.values[i] = impulse === 0 ? EVENT_NOISE * standardNormal(rng) : EVENT_SIZE * impulse
      return
    }
    const noise = standardNormal(rng)
    const value = law.kind === 'ar1' ? law.phi * (this.values[i] as number) + Math.sqrt(1 - law.phi * law.phi) * noise : noise
    this.values[i] = value
    this.impulses[i] = value
  }
}

function leaderOf(law: StreamLaw): number {
  return law.kind === 'events' && law.follows !== undefined ? moatDrivers.indexOf(law.follows) : -1
}

/** The chance of own events that makes the rate of all events the one asked for: rate = f + (1 − f) · own, f of them followed. */
function ownRate(law: StreamLaw, leader: StreamLaw | undefined): number {
  if (law.kind !== 'events') return 0
  const followed = leader?.kind === 'events' ? leader.rate * law.share : 0
  return (law.rate - followed) / (1 - followed)
}

/** The law of every stream: as listed; events where a sparse cause needs them; white noise else. */
export function streamLaws(settings: SyntheticSettings): StreamLaw[] {
  const laws = new Map<string, StreamLaw>(Object.entries(settings.streams))
  for (const cause of allCauses(settings.causes, settings.shocks)) {
    if (cause.kind !== 'sparse') continue
    const law = laws.get(cause.driver) ?? { kind: 'events', rate: cause.rate, share: 0 }
    const fits = law.kind === 'events' && law.rate === cause.rate && moatDrivers.includes(cause.driver)
    if (!fits) throw misfit(cause.driver, cause.rate, law)
    laws.set(cause.driver, law)
  }
  const all = moatDrivers.map(name => laws.get(name) ?? { kind: 'white' as const })
  for (const [i, law] of all.entries()) checkLeader(moatDrivers[i] as string, law, all)
  return all
}

function checkLeader(name: string, law: StreamLaw, all: readonly StreamLaw[]): void {
  if (law.kind !== 'events' || law.follows === undefined) return
  const leader = all[moatDrivers.indexOf(law.follows)]
  const follows = leader?.kind === 'events' && leader.follows === undefined && leader.rate * law.share <= law.rate
  if (follows) return
  throw new OperatorError({
    what: `Stream "${name}", which follows "${law.follows}"`,
    expected: `a stream whose events follow no other, of which ${law.share} are at most ${law.rate} of the bars`,
    got:
      leader?.kind === 'events'
        ? `events at rate ${leader.rate}${leader.follows === undefined ? '' : ` that follow "${leader.follows}"`}`
        : leader?.kind,
    next: 'Choose another stream, or lower the share.',
  })
}

function misfit(driver: string, rate: number, law: StreamLaw): OperatorError {
  return new OperatorError({
    what: `A sparse cause of driver "${driver}"`,
    expected: `a moat stream with events at its rate ${rate}`,
    got: driver.startsWith('finance:') ? 'returns' : law.kind === 'events' ? `events at rate ${law.rate}` : law.kind,
    next: 'Choose a moat stream without another law or rate, or make the cause dense.',
  })
}
