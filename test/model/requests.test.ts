import { Agent, defineScenario, Model, type RequestHandler, resume, type Source, type SourceTick, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { requestLimits } from '../../src/model/index.js'
import { replaceMethod } from './kit.js'

const HOUR = 3_600_000

class Asker extends Agent<Library> {
  ask3(): void {
    this.ask('book', { of: this.key }, 'read')
  }
  override step(): void {
    this.model.log.push([this.model.now, 'step', this.model.steps])
    if (this.model.steps <= 2) this.ask3()
  }
  read(answer: unknown): void {
    this.model.log.push([this.model.now, 'answer', answer])
  }
}

class Library extends Model {
  log: unknown[] = []
  askers = this.agentsOf(Asker)
  override setup(): void {
    this.spawn(2, Asker)
  }
  override step(): void {
    this.askers.do(a => a.step())
  }
}

/** Answers with what it was asked, when, and how many answers it has given. */
class Librarian implements RequestHandler {
  given = 0
  answer(kind: string, payload: unknown, now: number): unknown {
    return { kind, payload, now, n: ++this.given }
  }
  save(): unknown {
    return this.given
  }
  restore(state: unknown): void {
    this.given = state as number
  }
}

/** A step an hour; the ticks between them, which are no steps, as given in minutes. */
class Hours implements Source {
  private hour = 0
  private minute = 0
  constructor(private readonly between: readonly number[] = []) {}
  next(): SourceTick {
    const minutes = this.between[this.minute]
    if (minutes !== undefined) {
      this.minute++
      return { time: this.hour * HOUR + minutes * 60_000, step: false, inputs: [] }
    }
    this.minute = 0
    this.hour++
    return { time: this.hour * HOUR, step: true, inputs: [] }
  }
  save(): unknown {
    return [this.hour, this.minute]
  }
  restore(state: unknown): void {
    const [hour, minute] = state as [number, number]
    Object.assign(this, { hour, minute })
  }
  describe(): Record<string, unknown> {
    return {}
  }
}

const library = defineScenario({ title: 'Library', model: Library, params: z.object({}), agents: { Asker } })
const run = (answerDelayMs: number | undefined, source = new Hours()) => {
  const librarian = new Librarian()
  const sim = simulate(library, {
    source,
    requestHandler: librarian,
    ...(answerDelayMs === undefined ? {} : { answerDelayMs }),
  })
  return { sim, librarian }
}
const answersOf = (log: readonly unknown[]) =>
  log.filter(line => (line as unknown[])[1] === 'answer') as [number, string, { n: number; now: number }][]

describe('requests', () => {
  it('are answered 50 ms later, oldest first, in a tick that is no step', () => {
    const { sim } = run(undefined)
    sim.run({ steps: 3 })
    expect(sim.model.log.slice(0, 4)).toEqual([
      [HOUR, 'step', 1],
      [HOUR, 'step', 1],
      [HOUR + 50, 'answer', { kind: 'book', payload: { of: 'Asker-0' }, now: HOUR + 50, n: 1 }],
      [HOUR + 50, 'answer', { kind: 'book', payload: { of: 'Asker-1' }, now: HOUR + 50, n: 2 }],
    ])
    expect(answersOf(sim.model.log).map(a => a[0])).toEqual([HOUR + 50, HOUR + 50, 2 * HOUR + 50, 2 * HOUR + 50])
    expect(sim.counters.requests).toEqual({ asked: 4, answered: 4, unknown: 0, dropped: 0 })
  })

  it.each([0, 1, HOUR - 1, HOUR, HOUR + 1, 2 * HOUR, 5 * HOUR])(
    'with a delay of %d ms never come in a tick that is a step',
    delay => {
      const { sim, librarian } = run(delay, new Hours([10, 30]))
      let steps = 0
      replaceMethod(sim.model, 'step', () => {
        steps++
        const before = sim.model.log.length
        Library.prototype.step.call(sim.model)
        expect(answersOf(sim.model.log.slice(before))).toEqual([])
      })
      sim.run({ steps: 12 })
      const answers = answersOf(sim.model.log)
      expect(answers.map(a => a[2].n)).toEqual([1, 2, 3, 4])
      expect([steps, librarian.given]).toEqual([12, 4])
      for (const [i, [time]] of answers.entries()) expect(time).toBeGreaterThanOrEqual((i < 2 ? 1 : 2) * HOUR + delay)
    },
  )

  it('are put to the handler once each, however many ticks pass before', () => {
    const { sim, librarian } = run(3 * HOUR, new Hours([1, 2, 3, 4, 5]))
    sim.run({ steps: 3 })
    expect(librarian.given).toBe(0)
    sim.run({ steps: 5 })
    expect(librarian.given).toBe(4)
  })

  it('D3: pending ones, and the handler’s state, outlive a checkpoint', () => {
    const { sim: whole } = run(2.5 * HOUR)
    whole.run({ steps: 8 })
    for (let k = 0; k < 8; k++) {
      const { sim } = run(2.5 * HOUR)
      sim.run({ steps: k })
      const twin = resume(library, sim.save(), {
        source: new Hours(),
        requestHandler: new Librarian(),
        answerDelayMs: 2.5 * HOUR,
      })
      twin.run({ steps: 8 - k })
      expect(twin.model.log).toEqual(whole.model.log)
      expect(twin.digest).toBe(whole.digest)
    }
  })

  it('of a removed agent are answered to nobody; an unknown answer is counted', () => {
    const { sim } = run(undefined)
    sim.step()
    for (const a of [...sim.model.askers]) a.remove()
    sim.tick({ time: HOUR + 1, step: false, inputs: [{ kind: 'answer', request: 99, value: 0 } as never] })
    sim.run({ steps: 2 })
    expect(answersOf(sim.model.log)).toEqual([])
    expect(sim.counters.requests).toEqual({ asked: 2, answered: 2, unknown: 1, dropped: 0 })
  })

  it('that nobody answers are bounded: the oldest go, counted', () => {
    const { sim } = run(undefined)
    const asker = sim.model.askers.at(0) as Asker
    for (let i = 0; i < requestLimits.pendingRequests + 5; i++) asker.ask3()
    expect(sim.requests.size).toBe(requestLimits.pendingRequests)
    expect(sim.counters.requests.dropped).toBe(5)
    expect(sim.requests.waiting()[0]?.id).toBe(6)
  })
})
