/** A model whose classes have fields that compilers lay out in more than one way: optional ones, late ones, some declared twice. */

import { Agent, defineScenario, Model, z } from 'mycelia'

const params = z.object({})

class Animal extends Agent<Pasture> {
  zeal = 1
  note?: string
  mate: Animal | undefined
  age = 0

  override step(): void {
    this.age++
    if (this.rng.chance(0.1)) this.note = `at ${this.model.steps}`
    if (this.rng.chance(0.1)) this.mate = this.model.goats.random(this.rng)
    if (this.rng.chance(0.05)) this.mate = undefined
  }
}

class Goat extends Animal {
  override zeal = 3
  bell?: { readonly tone: number }

  ring(): void {
    this.bell = { tone: this.rng.int(9) }
  }
}

class Pasture extends Model<typeof params> {
  best?: Goat
  goats = this.agentsOf(Goat)
  rain?: number

  override setup(): void {
    this.spawn(20, Goat)
  }

  override step(): void {
    this.goats.shuffleDo(goat => goat.step())
    if (this.steps % 7 === 0) this.rain = this.rng.float()
    if (this.steps % 5 === 0) this.best = this.goats.random()
    this.best?.ring()
  }
}

export default defineScenario({
  title: 'Late fields',
  model: Pasture,
  params,
  agents: { Goat },
  collect: { agents: { Goat: { age: g => g.age, note: { type: 'text', read: g => g.note ?? null } } } },
})
