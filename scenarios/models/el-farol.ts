/** The El Farol bar: guests who guess attendance each in their own way fill the bar just to its comfort (W. B. Arthur, AER 84, 1994). */

import { Agent, defineScenario, Model, z } from 'mycelia'

const params = z.object({
  guests: z.number().int().min(2).max(10_000).default(100).describe('people who may come'),
  comfort: z.number().min(0).max(10_000).default(60).describe('attendance above which it is no fun').meta({ changeable: true }),
  predictors: z.number().int().min(1).max(100).default(10).describe('rules of thumb a guest knows'),
  memory: z.number().int().min(1).max(50).default(5).describe('weeks a rule looks back'),
})

class Guest extends Agent<ElFarol> {
  /** Weights of the past weeks in each rule, the newest first, and a constant. */
  rules: number[][] = []
  /** How wrong each rule has been lately. */
  errors: number[] = []
  goes = false

  learn() {
    const { predictors, memory } = this.model.params
    this.rules = Array.from({ length: predictors }, () => Array.from({ length: memory + 1 }, () => this.rng.between(-1, 1)))
    this.errors = this.rules.map(() => 0)
  }

  decide() {
    const best = this.errors.indexOf(Math.min(...this.errors))
    this.goes = this.predict(this.rules[best] ?? []) <= this.model.params.comfort
  }

  review(attendance: number) {
    this.errors = this.errors.map((error, i) => 0.95 * error + Math.abs(this.predict(this.rules[i] ?? []) - attendance))
  }

  predict(rule: readonly number[]): number {
    const { history, params } = this.model
    let sum = 0
    for (let week = 0; week < params.memory; week++) sum += (rule[week] ?? 0) * (history[week] ?? 0)
    return sum + (rule[params.memory] ?? 0) * params.guests
  }
}

class ElFarol extends Model<typeof params> {
  guests = this.agentsOf(Guest)
  /** Attendance of the past weeks, the newest first. */
  history: number[] = []

  override setup() {
    this.spawn(this.params.guests, Guest)
    this.guests.do(guest => guest.learn())
    this.history = Array.from({ length: this.params.memory }, () => this.rng.int(this.params.guests + 1))
  }

  override step() {
    this.guests.do(guest => guest.decide())
    const attendance = this.attendance
    this.guests.do(guest => guest.review(attendance))
    this.history = [attendance, ...this.history.slice(0, -1)]
  }

  get attendance(): number {
    return this.guests.count(guest => guest.goes)
  }
}

export default defineScenario({
  name: 'el-farol',
  title: 'El Farol',
  model: ElFarol,
  params,
  agents: { Guest },
  steps: 200,
  collect: { model: { attendance: m => m.attendance } },
  view: {
    charts: ['attendance'],
    agents: {
      Guest: g => ({
        shape: 'square',
        ...(g.goes ? { color: '#edae49', label: 'at the bar' } : { color: '#30638e', label: 'at home' }),
      }),
    },
  },
})
