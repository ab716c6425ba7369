/** Segregation on a network: Schelling's people divide wherever they have neighbours at all (G. Fagiolo, M. Valente and N. Vriend, JEBO 64, 2007). */

import { Agent, defineScenario, Model, Network, randomGraph, scaleFree, smallWorld, z } from 'mycelia'

const params = z.object({
  nodes: z.number().int().min(20).max(100_000).default(300).describe('homes, the nodes of the network'),
  degree: z.number().int().min(2).max(18).multipleOf(2).default(6).describe('mean number of neighbours, an even number'),
  network: z.enum(['ring', 'small world', 'random', 'scale-free']).default('small world').describe('how homes are joined'),
  empty: z.number().min(0.02).max(0.9).default(0.15).describe('share of the homes that stand empty'),
  wanted: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('share of neighbours of their own group people want, at least')
    .meta({ changeable: true }),
})

class Resident extends Agent<NetworkTown> {
  group = 0

  override step() {
    if (!this.isHappy) this.model.network.moveToEmpty(this)
  }

  get isHappy(): boolean {
    return this.alike >= this.model.params.wanted
  }

  /** Share of the neighbours in its own group; 1 for one who has none. */
  get alike(): number {
    const neighbors = this.model.network.neighbors(this)
    return neighbors.length === 0 ? 1 : neighbors.filter(other => other.group === this.group).length / neighbors.length
  }
}

class NetworkTown extends Model<typeof params> {
  network = new Network<Resident>({ ...this.graph(), rng: this.rng })
  residents = this.agentsOf(Resident)

  override setup() {
    const { nodes, empty } = this.params
    const people = Math.min(nodes - 1, Math.round((1 - empty) * nodes))
    for (const resident of this.spawn(people, Resident, i => ({ group: i % 2 }))) this.network.placeOnEmpty(resident)
  }

  override step() {
    this.residents.shuffleDo(resident => resident.step())
    if (this.residents.count(resident => !resident.isHappy) === 0) this.stop('everybody is happy')
  }

  private graph() {
    const { rng } = this
    const { nodes, degree, network } = this.params
    if (network === 'random') return randomGraph({ nodes, probability: degree / (nodes - 1), rng })
    if (network === 'scale-free') return scaleFree({ nodes, links: degree / 2, rng })
    return smallWorld({ nodes, degree, rewire: network === 'ring' ? 0 : 0.1, rng })
  }
}

export default defineScenario({
  name: 'schelling-network',
  title: 'Segregation on a network',
  model: NetworkTown,
  params,
  agents: { Resident },
  steps: 100,
  collect: {
    model: {
      happy: m => m.residents.count(r => r.isHappy) / m.residents.size,
      alike: m => m.residents.mean(r => r.alike),
    },
  },
  view: {
    charts: ['happy', 'alike'],
    agents: { Resident: r => (r.group === 0 ? { color: '#d1495b', label: 'red' } : { color: '#30638e', label: 'blue' }) },
    space: m => m.network,
  },
})
