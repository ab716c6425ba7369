/** Axelrod's culture: those who are alike talk, and those who talk become more alike; yet cultures remain (R. Axelrod, J. Conflict Resolution 41, 1997). */

import { Agent, defineScenario, Model, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(2).max(200).default(10).describe('columns and rows of villages'),
  features: z.number().int().min(1).max(20).default(5).describe('features of a culture, such as language, dress and faith'),
  traits: z.number().int().min(2).max(100).default(10).describe('traits a feature may have'),
})

class Village extends Agent<Axelrod> {
  /** One trait a feature. */
  culture: number[] = []

  /** Meets a neighbour, with a chance that is the share of features they have in common, and takes over one trait. */
  override step() {
    const { grid, params, rng } = this.model
    const other = grid.at(grid.randomCellAround(grid.cellOf(this)))
    if (other === undefined) return
    const foreign = this.culture.flatMap((trait, feature) => (trait === other.culture[feature] ? [] : [feature]))
    if (foreign.length === 0 || !rng.chance(1 - foreign.length / params.features)) return
    const feature = rng.pick(foreign)
    this.culture[feature] = other.culture[feature] as number
  }

  likeness(other: Village): number {
    return this.culture.filter((trait, feature) => trait === other.culture[feature]).length
  }
}

class Axelrod extends Model<typeof params> {
  grid = new SquareGrid<Village>({
    width: this.params.size,
    height: this.params.size,
    neighbors: 'vonNeumann',
    rng: this.rng,
  })
  villages = this.agentsOf(Village)

  override setup() {
    const { features, traits } = this.params
    this.spawn(this.grid.size, Village).forEach((village, cell) => {
      village.culture = Array.from({ length: features }, () => this.rng.int(traits))
      this.grid.place(village, cell)
    })
  }

  /** As many meetings as there are villages, each time of a random one. */
  override step() {
    for (let i = 0; i < this.villages.size; i++) this.villages.random().step()
    if (this.isFrozen) this.stop('no village can learn from a neighbour')
  }

  /** All neighbours have the same culture, or nothing in common. */
  get isFrozen(): boolean {
    const { features } = this.params
    return !this.villages
      .toArray()
      .some(village => this.grid.neighbors(village).some(other => ![0, features].includes(village.likeness(other))))
  }

  /** Groups of connected villages with one culture. */
  get regions(): number {
    const { features } = this.params
    const seen = new Set<Village>()
    let regions = 0
    for (const first of this.villages) {
      if (seen.has(first)) continue
      regions++
      const region = [first]
      seen.add(first)
      for (const village of region) {
        const alike = this.grid.neighbors(village).filter(other => !seen.has(other) && village.likeness(other) === features)
        for (const other of alike) seen.add(other)
        region.push(...alike)
      }
    }
    return regions
  }
}

/** The first three features as red, green and blue. */
function colorOf({ culture, model }: Village): string {
  const shade = (feature: number) => Math.round((255 * (culture[feature] ?? 0)) / (model.params.traits - 1))
  return `rgb(${shade(0)}, ${shade(1)}, ${shade(2)})`
}

export default defineScenario({
  name: 'axelrod',
  title: 'Axelrod’s culture',
  model: Axelrod,
  params,
  agents: { Village },
  steps: 500,
  collect: {
    model: {
      regions: m => m.regions,
      cultures: m => m.villages.groupBy(v => v.culture.join()).size,
    },
  },
  view: {
    charts: ['regions', 'cultures'],
    agents: { Village: v => ({ shape: 'square', color: colorOf(v), label: 'village' }) },
    space: m => m.grid,
  },
})
