/** Franke and Westerhoff's market: traders change between fundamental and technical rules, and returns look like real ones (J. Econ. Dynamics and Control 36, 2012, variant DCA-HPM). */

import { Agent, defineScenario, Model, math, z } from 'mycelia'

const factor = (least: number, standard: number, what: string) => z.number().min(least).max(100).default(standard).describe(what)

const params = z.object({
  traders: z.number().int().min(1).max(100_000).default(300).describe('number of traders'),
  impact: factor(0, 0.01, 'move of the log price by a demand of 1, μ'),
  reversion: factor(0, 0.12, 'demand of a fundamentalist for each unit below the value, φ'),
  extrapolation: factor(0, 1.5, 'demand of a chartist for each unit of the last return, χ'),
  fundamentalNoise: factor(0, 0.758, 'standard deviation of the demand of fundamentalists, σf'),
  chartistNoise: factor(0, 2.087, 'standard deviation of the demand of chartists, σc'),
  predisposition: factor(-100, -0.327, 'leaning to the fundamental rule, α₀'),
  herding: factor(0, 1.79, 'pull of the majority, αn'),
  misalignment: factor(0, 18.43, 'pull of a price far from the value to the fundamental rule, αp'),
})

class Trader extends Agent<FrankeWesterhoff> {
  isFundamentalist = false

  /** Chooses between the rules, all traders by the same odds. */
  override step() {
    this.isFundamentalist = this.rng.chance(this.model.appeal)
  }
}

class FrankeWesterhoff extends Model<typeof params> {
  traders = this.agentsOf(Trader)
  /** Logarithm of the price; that of the value is 0. */
  price = 0
  return = 0
  /** Chance that a trader takes the fundamental rule. */
  appeal = 0.5

  override setup() {
    this.spawn(this.params.traders, Trader)
    this.traders.do(trader => trader.step())
  }

  override step() {
    const { params, rng } = this
    this.appeal = 1 / (1 + math.exp(-this.attraction))
    this.traders.do(trader => trader.step())
    const fundamental = params.reversion * -this.price + rng.normal(0, params.fundamentalNoise)
    const technical = params.extrapolation * this.return + rng.normal(0, params.chartistNoise)
    const share = this.fundamentalists
    this.return = params.impact * (share * fundamental + (1 - share) * technical)
    this.price += this.return
  }

  /** How much better the fundamental rule looks: by leaning, by what the others do, and by the distance of the price. */
  get attraction(): number {
    const { predisposition, herding, misalignment } = this.params
    return predisposition + herding * (2 * this.fundamentalists - 1) + misalignment * this.price * this.price
  }

  /** As a share. */
  get fundamentalists(): number {
    return this.traders.count(trader => trader.isFundamentalist) / this.traders.size
  }
}

export default defineScenario({
  name: 'franke-westerhoff',
  title: 'Franke and Westerhoff’s market',
  model: FrankeWesterhoff,
  params,
  agents: { Trader },
  steps: 500,
  collect: { model: { price: m => m.price, return: m => m.return, fundamentalists: m => m.fundamentalists } },
  view: {
    charts: ['price', 'return', 'fundamentalists'],
    agents: {
      Trader: t => ({
        shape: 'square',
        ...(t.isFundamentalist ? { color: '#30638e', label: 'fundamentalist' } : { color: '#edae49', label: 'chartist' }),
      }),
    },
  },
})
