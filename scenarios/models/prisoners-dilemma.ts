/** The prisoner's dilemma on a grid, played again and again: neighbours imitate whoever earned most (M. Nowak and R. May, Nature 359, 1992). */

import { Agent, defineScenario, Model, SquareGrid, simultaneous, z } from 'mycelia'

const strategies = ['cooperator', 'defector', 'tit for tat'] as const
type Strategy = (typeof strategies)[number]

const params = z.object({
  size: z.number().int().min(3).max(300).default(60).describe('columns and rows; the edges meet'),
  temptation: z
    .number()
    .min(1)
    .max(4)
    .default(1.9)
    .describe('what a defector earns from a cooperator, b; two who cooperate earn 1 each, all others 0')
    .meta({ changeable: true }),
  rounds: z.number().int().min(1).max(100).default(1).describe('rounds a pair plays in a step').meta({ changeable: true }),
  defectors: z.number().min(0).max(1).default(0.1).describe('share of defectors at first'),
  titForTat: z.number().min(0).max(1).default(0).describe('share, of those who do not defect at first, that pay like with like'),
})

class Player extends Agent<Dilemma> {
  strategy: Strategy = 'cooperator'
  next: Strategy = 'cooperator'
  payoff = 0

  /** Plays with the eight around, and with itself, which stands for what its own kind has of it. */
  play() {
    this.payoff = this.against(this)
    for (const neighbor of this.model.grid.neighbors(this)) this.payoff += this.against(neighbor)
  }

  /** Takes the strategy of the best of the nine, its own where it is among the best. */
  override step() {
    let best: Player = this
    for (const neighbor of this.model.grid.neighbors(this)) if (neighbor.payoff > best.payoff) best = neighbor
    this.next = best.strategy
  }

  advance() {
    this.strategy = this.next
  }

  /** Earnings a round: tit for tat begins kindly, and then does what was done to it. */
  private against(other: Player): number {
    const { temptation, rounds } = this.model.params
    if (this.strategy !== 'defector') return other.strategy === 'defector' ? 0 : 1
    if (other.strategy === 'defector') return 0
    return other.strategy === 'cooperator' ? temptation : temptation / rounds
  }
}

class Dilemma extends Model<typeof params> {
  grid = new SquareGrid<Player>({ width: this.params.size, height: this.params.size, torus: true })
  players = this.agentsOf(Player)

  override setup() {
    const { params, rng } = this
    this.spawn(this.grid.size, Player).forEach((player, cell) => {
      const kind = rng.chance(params.titForTat) ? 'tit for tat' : 'cooperator'
      player.strategy = rng.chance(params.defectors) ? 'defector' : kind
      this.grid.place(player, cell)
    })
  }

  override step() {
    this.players.do(player => player.play())
    simultaneous(this.players)
  }

  share(strategy: Strategy): number {
    return this.players.count(player => player.strategy === strategy) / this.players.size
  }
}

export default defineScenario({
  name: 'prisoners-dilemma',
  title: 'Prisoner’s dilemma on a grid',
  model: Dilemma,
  params,
  agents: { Player },
  steps: 100,
  collect: {
    model: {
      cooperators: m => m.share('cooperator'),
      defectors: m => m.share('defector'),
      tit_for_tat: m => m.share('tit for tat'),
    },
  },
  view: {
    charts: ['cooperators', 'defectors'],
    agents: {
      Player: p => ({
        shape: 'square',
        color: { cooperator: '#30638e', defector: '#d1495b', 'tit for tat': '#edae49' }[p.strategy],
        label: p.strategy,
      }),
    },
    space: m => m.grid,
  },
})
