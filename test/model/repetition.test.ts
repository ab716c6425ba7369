import { Agent, defineScenario, Model, type Repetition, resume, simulate, staged, z } from 'mycelia'
import { describe, expect, it } from 'vitest'

class Clock extends Model {
  calls: string[] = []
  override setup(): void {
    for (const [repetition, what] of plans) this.every(repetition, 'called', what)
  }
  called(what: string): void {
    this.calls.push(`${this.now} ${what}`)
  }
}
let plans: [number | Repetition, string][] = []
const scenario = defineScenario({ title: 'Clock', model: Clock, params: z.object({}), agents: {} })

function callsOf(...given: (number | Repetition)[]): string[] {
  plans = given.map((repetition, i) => [repetition, 'abc'[i] as string])
  const sim = simulate(scenario)
  sim.run({ steps: 10 })
  return sim.model.calls
}

describe('a repeated call', () => {
  it.each([
    [{ period: 3 }, [3, 6, 9]],
    [{ period: 3, start: 1 }, [1, 4, 7, 10]],
    [{ period: 3, start: 1, end: 7 }, [1, 4, 7]],
    [{ period: 3, start: 1, end: 6.9 }, [1, 4]],
    [{ period: 3, end: Number.POSITIVE_INFINITY }, [3, 6, 9]],
    [{ period: 3, end: 1e300 }, [3, 6, 9]],
    [{ period: 3, count: 2 }, [3, 6]],
    [{ period: 3, start: 2, count: 1 }, [2]],
    [{ period: 3, start: 2, count: 3, end: 5 }, [2, 5]],
    [{ period: 0.1, start: 9.5, end: 9.8 }, [9.5, 9.6, 9.7, 9.8]],
  ])('%j comes at %j', (repetition, times) => {
    expect(callsOf(repetition).map(call => Number(Number(call.split(' ')[0]).toFixed(9)))).toEqual(times)
  })

  it('ends as it would have after a save at any step', () => {
    const whole = callsOf({ period: 1.5, start: 1, count: 4 }, { period: 2, end: 7 }, 5)
    for (let step = 0; step < 10; step++) {
      const first = simulate(scenario)
      first.run({ steps: step })
      const rest = resume(scenario, first.save())
      rest.run({ steps: 10 - step })
      expect(rest.model.calls).toEqual(whole)
    }
  })

  it.each([
    [{ period: 2, count: 0 }, '`count` of every() of event "called" of the model at 0: expected a whole number of calls ≥ 1'],
    [{ period: 2, end: 1 }, '`end` of every() of event "called" of the model at 0: expected a time from 2 on'],
    [{ period: 0, start: 2 }, 'expected a finite period > 0'],
    [{ period: 1, start: -1 }, 'expected a finite time from 0 on, got -1'],
  ])('%j is refused', (repetition, message) => {
    expect(() => callsOf(repetition)).toThrow(message)
  })
})

it('stages of several types run one after the other, each over the agents of its type', () => {
  class Firm extends Agent<Town> {
    note(what: string): void {
      this.model.order.push(`${this.key} ${what}`)
    }
  }
  class Worker extends Firm {}
  class Town extends Model {
    order: string[] = []
    override setup(): void {
      this.spawn(2, Firm)
      this.spawn(2, Worker)
    }
    override step(): void {
      staged([Firm, f => f.type === 'Firm' && f.note('plans')], [Worker, w => w.note('applies')])(this.agents)
    }
  }
  const sim = simulate(defineScenario({ title: 'Town', model: Town, params: z.object({}), agents: { Firm, Worker } }))
  sim.run({ steps: 1 })
  expect(sim.model.order).toEqual(['Firm-0 plans', 'Firm-1 plans', 'Worker-0 applies', 'Worker-1 applies'])
})
