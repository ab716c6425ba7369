import { Agent, defineScenario, Model, OperatorError, resume, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'

class Clerk extends Agent<Office> {
  handle = 0
  note(text: unknown): void {
    this.model.log.push(`${this.model.now} ${this.key} ${String(text)}`)
  }
  chain(left: number): void {
    this.note(`chain ${left}`)
    if (left > 0) this.after(0, 'chain', left - 1)
  }
  stopTicking(): void {
    this.note(`cancelled: ${this.cancel(this.handle)}`)
  }
}

class Office extends Model {
  log: string[] = []
  clerks = this.agentsOf(Clerk)
  handle = 0
  override setup(): void {
    const [a, b] = this.spawn(2, Clerk) as [Clerk, Clerk]
    b.at(2, 'note', 'second at 2, planned first')
    a.at(2, 'note', 'third at 2, planned second')
    a.at(2, 'note', 'first at 2, by priority', -1)
    a.after(1.5, 'note', 'between steps')
    a.at(4, 'chain', 2)
    b.handle = b.every(2, 'note', 'tick')
    b.at(6.5, 'stopTicking')
    this.every(3, 'note', 'model')
    const taken = a.at(5, 'note', 'never')
    a.cancel(taken)
    b.every(1, 'note', 'dies with its clerk at 9')
  }
  note(text: string): void {
    this.log.push(`${this.now} model ${text}`)
  }
  override step(): void {
    this.log.push(`${this.now} step`)
    if (this.now === 9) this.clerks.at(1)?.remove()
  }
}

class Drum extends Model<z.ZodObject<{ period: z.ZodNumber }>> {
  beats = 0
  beatsAt: number[] = []
  seen: number[] = []
  orders: string[] = []
  override setup(): void {
    this.every(this.params.period, 'beat')
    for (let step = 1; step < 80; step++) this.at(step, 'mark')
  }
  beat(): void {
    this.beats++
    if (Number.isInteger(this.now)) this.beatsAt.push(this.now)
  }
  mark(): void {
    // The beat was planned first, so it comes first where both are due.
    if (Math.abs(this.now / this.params.period - Math.round(this.now / this.params.period)) < 1e-9)
      this.orders.push(this.beatsAt.at(-1) === this.now ? 'every at' : 'at every')
  }
  override step(): void {
    this.seen.push(this.beats)
  }
}

const office = defineScenario({ title: 'Office', model: Office, params: z.object({}), agents: { Clerk } })
const log = (steps: number) => {
  const sim = simulate(office)
  sim.run({ steps })
  return sim.model.log.filter(line => !line.endsWith('dies with its clerk at 9'))
}

describe('planned events', () => {
  it('fire at their instant, before the step of that instant, in order of priority and of planning', () => {
    expect(log(4)).toEqual([
      '1 step',
      '1.5 Clerk-0 between steps',
      '2 Clerk-0 first at 2, by priority',
      '2 Clerk-1 second at 2, planned first',
      '2 Clerk-0 third at 2, planned second',
      '2 Clerk-1 tick',
      '2 step',
      '3 model model',
      '3 step',
      '4 Clerk-0 chain 2',
      '4 Clerk-1 tick',
      '4 Clerk-0 chain 1',
      '4 Clerk-0 chain 0',
      '4 step',
    ])
  })

  it('every goes on until cancelled; a cancelled one never fires', () => {
    const lines = log(10)
    expect(lines.filter(line => line.endsWith('tick'))).toEqual(['2 Clerk-1 tick', '4 Clerk-1 tick', '6 Clerk-1 tick'])
    expect(lines).toContain('6.5 Clerk-1 cancelled: true')
    expect(lines.filter(line => line.includes('never'))).toEqual([])
    expect(lines.filter(line => line.endsWith('model'))).toEqual(['3 model model', '6 model model', '9 model model'])
  })

  it('those of a removed agent fall out of the queue', () => {
    const sim = simulate(office)
    sim.run({ steps: 12 })
    const last = sim.model.log.findLast(line => line.endsWith('dies with its clerk at 9'))
    expect(last).toBe('9 Clerk-1 dies with its clerk at 9')
    expect(sim.nextEventTime).toBe(15)
  })

  it('D3: go on across a checkpoint taken before, between and after them', () => {
    const whole = simulate(office)
    whole.run({ steps: 12 })
    for (let k = 0; k < 12; k++) {
      const first = simulate(office)
      first.run({ steps: k })
      const second = resume(office, first.save())
      second.run({ steps: 12 - k })
      expect(second.model.log).toEqual(whole.model.log)
      expect(second.digest).toBe(whole.digest)
    }
  })

  it('every(0.1) fires ten times a step, the tenth before the step itself and in order with at(), resumed or not', () => {
    const drum = defineScenario({ title: 'Drum', model: Drum, params: z.object({ period: z.number() }) })
    for (const [period, perStep] of [
      [0.1, 10],
      [0.7, 10 / 7],
      [1.1, 10 / 11],
    ] as const) {
      const sim = simulate(drum, { params: { period } })
      sim.run({ steps: 33 })
      const again = resume(drum, sim.save())
      again.run({ steps: 44 })
      sim.run({ steps: 44 })
      expect([again.model.beats, again.model.seen, again.digest]).toEqual([sim.model.beats, sim.model.seen, sim.digest])
      expect(sim.model.seen).toEqual(Array.from({ length: 77 }, (_, i) => Math.floor((i + 1) * perStep + 1e-6)))
      expect(sim.model.orders).toEqual(sim.model.orders.map(() => 'every at'))
      expect(sim.model.orders.length).toBeGreaterThan(6)
    }
  })

  it('are refused with a reason: the past, a missing method, a period of 0, a priority that is no number', () => {
    const sim = simulate(office)
    sim.run({ steps: 3 })
    const clerk = sim.model.clerks.at(0) as Clerk
    expect(() => clerk.at(2, 'note')).toThrow('event "note" of Clerk-0: expected a finite time from 3 on, got 2.')
    expect(() => clerk.after(Number.NaN, 'note')).toThrow(OperatorError)
    // @ts-expect-error the compiler refuses a field, too
    expect(() => clerk.after(1, 'handle')).toThrow('event "handle" of Clerk-0: expected the name of a method, got "handle".')
    expect(() => clerk.every(0, 'note')).toThrow('every() of event "note" of Clerk-0 at 3: expected a finite period > 0, got 0.')
    expect(() => sim.model.every(-1, 'note')).toThrow(OperatorError)
    expect(() => clerk.at(9, 'note', 'x', Number.NaN)).toThrow('priority of event "note"')
  })
})
