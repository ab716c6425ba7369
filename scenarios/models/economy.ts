/**
 * An economy of households, firms and a government, the model SIM as agents: income settles where taxes pay for what the government
 * spends (W. Godley and M. Lavoie, Monetary Economics, 2007, chapter 3).
 */

import { Agent, defineScenario, Model, z } from 'mycelia'

const share = (standard: number, what: string) =>
  z.number().min(0).max(1).default(standard).describe(what).meta({ changeable: true })

const params = z.object({
  households: z.number().int().min(1).max(100_000).default(200).describe('households; each works for one firm and buys of any'),
  firms: z.number().int().min(1).max(10_000).default(10).describe('firms'),
  spending: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(20)
    .describe('what the government buys in a step, G')
    .meta({ changeable: true }),
  tax: share(0.2, 'tax rate on income, θ'),
  outOfIncome: share(0.6, 'share of the income after tax that is consumed, α₁'),
  outOfWealth: share(0.4, 'share of the wealth that is consumed, α₂'),
})

class Household extends Agent<Economy> {
  wealth = 0
  income = 0

  /** Consumes out of income and wealth, at one firm by chance. */
  consume() {
    const { params, firms, government } = this.model
    const tax = params.tax * this.income
    government.debt -= tax
    const left = this.income - tax
    const consumed = params.outOfIncome * left + params.outOfWealth * this.wealth
    this.wealth += left - consumed
    firms.random(this.rng).sales += consumed
    this.income = 0
  }
}

class Firm extends Agent<Economy> {
  sales = 0

  /** Pays out what it has sold for, all to its workers alike. */
  pay() {
    const workers = this.model.households.where(household => household.ordinal % this.model.firms.size === this.ordinal)
    workers.do(worker => {
      worker.income += this.sales / workers.size
    })
    this.sales = 0
  }
}

class Government extends Agent<Economy> {
  debt = 0

  spend() {
    const { firms, params } = this.model
    firms.do(firm => {
      firm.sales += params.spending / firms.size
    })
    this.debt += params.spending
  }
}

class Economy extends Model<typeof params> {
  households = this.agentsOf(Household)
  firms = this.agentsOf(Firm)
  governments = this.agentsOf(Government)
  income = 0

  override setup() {
    this.spawn(Government)
    this.spawn(this.params.firms, Firm)
    this.spawn(this.params.households, Household)
  }

  override step() {
    this.government.spend()
    this.income = this.firms.sum(firm => firm.sales)
    this.firms.do(firm => firm.pay())
    this.households.shuffleDo(household => household.consume())
  }

  get government(): Government {
    const [government] = this.governments
    if (government === undefined) throw new Error('An economy has a government.')
    return government
  }
}

export default defineScenario({
  name: 'economy',
  title: 'Economy of three types',
  model: Economy,
  params,
  agents: { Household, Firm, Government },
  steps: 100,
  collect: {
    model: {
      income: m => m.income,
      wealth: m => m.households.sum(household => household.wealth),
      money: m => m.households.sum(household => household.wealth) + m.firms.sum(firm => firm.sales),
      debt: m => m.governments.sum(government => government.debt),
    },
    agents: {
      Household: { wealth: household => household.wealth },
      Firm: { sales: firm => firm.sales },
    },
  },
  view: {
    charts: ['income', 'wealth', 'debt'],
    agents: {
      Household: household => ({ color: '#30638e', size: Math.min(1, 0.2 + household.wealth) }),
      Firm: firm => ({ color: '#edae49', shape: 'square', size: Math.min(1, 0.2 + firm.sales / 20) }),
      Government: () => ({ color: '#2b2d42', shape: 'square' }),
    },
  },
})
