/** A bank that keeps a part of what is brought and lends the rest: lending makes money, up to a limit (after NetLogo's Bank Reserves, Wilensky and Rand, 2015). */

import { Agent, defineScenario, Model, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(2).max(200).default(20).describe('columns and rows; the edges meet'),
  people: z.number().int().min(2).max(10_000).default(150).describe('number of people'),
  coins: z.number().int().min(0).max(1_000).default(10).describe('most coins a person brings to the bank at first'),
  reserve: z
    .number()
    .min(0)
    .max(100)
    .default(50)
    .describe('part of the deposits that the bank keeps, percent')
    .meta({ changeable: true }),
})

class Person extends Agent<BankReserves> {
  savings = 0
  loan = 0

  /** Walks, and pays 2 or 5 coins to somebody there where savings and the bank allow. */
  override step() {
    const { grid, rng } = this.model
    const other = grid.randomAt(grid.walk(this), Person)
    const price = rng.pick([2, 5])
    if (other !== undefined && other !== this && (this.savings >= price || this.savings + this.model.lendable >= price))
      this.pay(other, price)
  }

  /** Pays by savings, and borrows what they lack. */
  private pay(other: Person, price: number) {
    const own = Math.min(this.savings, price)
    this.savings -= own
    this.loan += price - own
    other.earn(price)
  }

  /** Pays back the loan, and saves the rest. */
  private earn(coins: number) {
    const back = Math.min(this.loan, coins)
    this.loan -= back
    this.savings += coins - back
  }
}

class BankReserves extends Model<typeof params> {
  grid = new SquareGrid<Person>({
    width: this.params.size,
    height: this.params.size,
    torus: true,
    occupancy: 'many',
    rng: this.rng,
  })
  people = this.agentsOf(Person)

  override setup() {
    const { people, coins } = this.params
    for (const person of this.spawn(people, Person, () => ({ savings: this.rng.int(coins + 1) }))) this.grid.placeRandomly(person)
  }

  override step() {
    this.people.shuffleDo(person => person.step())
  }

  /** All money is in the bank. */
  get money(): number {
    return this.people.sum(person => person.savings)
  }

  get loans(): number {
    return this.people.sum(person => person.loan)
  }

  /** What the bank may lend beyond what it has lent. */
  get lendable(): number {
    return Math.max(0, Math.floor(this.money * (1 - this.params.reserve / 100) - this.loans))
  }
}

/** Who has more than anybody had at first, in savings or in debt. */
function lookOf({ savings, loan, model }: Person) {
  if (savings > model.params.coins) return { color: '#3a7d44', label: 'rich' }
  if (loan > model.params.coins) return { color: '#d1495b', label: 'poor' }
  return { color: '#30638e', label: 'in between' }
}

export default defineScenario({
  name: 'bank-reserves',
  title: 'Bank reserves',
  model: BankReserves,
  params,
  agents: { Person },
  steps: 300,
  collect: { model: { money: m => m.money, base: m => m.money - m.loans, loans: m => m.loans } },
  view: { charts: ['money', 'base', 'loans'], agents: { Person: lookOf }, space: m => m.grid },
})
