/** The synthetic market's moat streams: white noise, AR(1) or rare events, each drawing from its own random stream. */

import { OperatorError, type Root, Stream } from '../core/index.js'
import { allCauses } from './planted.js'
import { standardNormal } from './synthetic-normal.js'
import { moatDrivers, type SyntheticSettings } from './synthetic-options.js'

/** What a stream shows on an event, either sign alike, and the spread of the noise it shows otherwise. */
const EVENT_SIZE = 4
const EVENT_NOISE = 0.1

type StreamLaw = SyntheticSettings['streams'][string]

/** The values of all twenty streams, bar by bar. */
export class SyntheticStreams {
  /** What each stream shows at the current close. */
  readonly values: Float64Array
  /** What acts on prices: an event's ±1 and 0 else; the value itself where the stream has no events. Events: variance = rate. */
  readonly impulses: Float64Array
  private readonly rngs: Stream[]

  constructor(
    root: Root,
    private readonly laws: readonly StreamLaw[],
  ) {
    this.values = new Float64Array(laws.length)
    this.impulses = new Float64Array(laws.length)
    this.rngs = moatDrivers.map(name => new Stream(root, `market:stream:${name}`))
  }

  /** Standard deviation of a stream's impulses. */
  impulseSd(stream: number): number {
    const law = this.laws[stream]
    return law?.kind === 'events' ? Math.sqrt(law.rate) : 1
  }

  next(): void {
    for (let i = 0; i < this.laws.length; i++) this.draw(i, this.laws[i] as StreamLaw, this.rngs[i] as Stream)
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

  private draw(i: number, law: StreamLaw, rng: Stream): void {
    if (law.kind === 'events') {
      const impulse = rng.chance(law.rate) ? (rng.chance(0.5) ? 1 : -1) : 0
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

/** The law of every stream: as listed; events where a sparse cause needs them; white noise else. */
export function streamLaws(settings: SyntheticSettings): StreamLaw[] {
  const laws = new Map<string, StreamLaw>(Object.entries(settings.streams))
  for (const cause of allCauses(settings.causes, settings.shocks)) {
    if (cause.kind !== 'sparse') continue
    const law = laws.get(cause.driver) ?? { kind: 'events', rate: cause.rate }
    const fits = law.kind === 'events' && law.rate === cause.rate && moatDrivers.includes(cause.driver)
    if (!fits) throw misfit(cause.driver, cause.rate, law)
    laws.set(cause.driver, law)
  }
  return moatDrivers.map(name => laws.get(name) ?? { kind: 'white' })
}

function misfit(driver: string, rate: number, law: StreamLaw): OperatorError {
  return new OperatorError({
    what: `A sparse cause of driver "${driver}"`,
    expected: `a moat stream with events at its rate ${rate}`,
    got: driver.startsWith('finance:') ? 'returns' : law.kind === 'events' ? `events at rate ${law.rate}` : law.kind,
    next: 'Choose a moat stream without another law or rate, or make the cause dense.',
  })
}
