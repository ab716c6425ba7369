/**
 * Draws the plots of docs/models/ and of the tutorial from seeded runs of the scenarios as they ship, so that each can be made again.
 *
 *     npm run plots
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gini, simulate } from 'mycelia'
import { libraryPlots } from './lib/docs/library-plots.mjs'
import { arrowMap, beside, cellMap, lineChart } from './lib/docs/plot.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = join(root, 'docs')
const seed = 1

async function start(name, params = {}, from = seed) {
  const { default: scenario } = await import(pathToFileURL(join(root, 'dist', 'scenarios', 'models', `${name}.js`)).href)
  return simulate(scenario, { seed: from, params })
}

async function run(name, steps, params, from) {
  const sim = await start(name, params, from)
  sim.run({ steps })
  return sim
}

const lines = (sim, ...columns) => columns.map(name => ({ name, values: sim.table('model').column(name) }))

/** A square grid as its view draws it: agents, else the layer's two colours. */
function gridMap({ scenario, model }, layer) {
  const { grid } = model
  const { agents, layers } = scenario.view
  return cellMap(grid.width, grid.height, (x, y) => {
    const cell = grid.cell(x, y)
    const agent = grid.at(cell)
    if (agent !== undefined) return agents[agent.type](agent).color
    if (layer === undefined) return undefined
    const { colors, min, max } = layers[layer]
    return shade(colors, (model[layer].get(cell) - min) / (max - min))
  })
}

function shade(colors, share) {
  const clamped = Math.round(4 * Math.min(1, Math.max(0, share))) / 4
  const [a, b] = [colors[0], colors.at(-1)].map(c => [1, 3, 5].map(i => Number.parseInt(c.slice(i, i + 2), 16)))
  const mixed = a.map((from, i) => Math.round(from + (b[i] - from) * clamped))
  return `#${mixed.map(v => v.toString(16).padStart(2, '0')).join('')}`
}

const plots = {
  ...libraryPlots({ run, lines, gridMap }),
  async schelling() {
    const sim = await start('schelling')
    const before = gridMap(sim)
    sim.run({ steps: 20 })
    return beside(before, gridMap(sim), lineChart(lines(sim, 'happy'), { top: 1 }))
  },
  async flocking() {
    const sim = await run('flocking', 200, { birds: 400, size: 150, vision: 15 })
    const { plane, birds } = sim.model
    const arrows = birds.map(b => ({ x: plane.xOf(b), y: plane.yOf(b), vx: b.vx, vy: b.vy }))
    return beside(arrowMap(plane.width, plane.height, arrows), lineChart(lines(sim, 'neighbors')))
  },
  async 'wolf-sheep'() {
    const sim = await run('wolf-sheep', 300, {
      width: 60,
      height: 60,
      sheep: 360,
      wolves: 180,
      regrow: 10,
      sheepReproduce: 0.4,
      wolfReproduce: 0.2,
    })
    return beside(gridMap(sim, 'grass'), lineChart(lines(sim, 'sheep', 'wolves', 'grass')))
  },
  async 'forest-fire'() {
    const sim = await start('forest-fire', { density: 0.6 })
    sim.run({ steps: 60 })
    const map = gridMap(sim)
    const shares = []
    for (let percent = 40; percent <= 80; percent += 2) {
      const other = await run('forest-fire', 600, { density: percent / 100 })
      shares.push(other.table('model').column('burnt').at(-1) / other.model.trees.size)
    }
    return beside(
      map,
      lineChart([{ name: 'share burnt', values: shares }], { caption: 'density .40 (point 1) to .80; point', top: 1 }),
    )
  },
  async boltzmann() {
    const sim = await run('boltzmann', 400, { width: 30, height: 30, people: 1_000 })
    const counts = Array.from({ length: 9 }, (_, coins) => sim.model.people.count(p => p.wealth === coins))
    const law = counts.map((_, coins) => 1_000 / 2 ** (coins + 1))
    const people = [
      { name: 'people by coins', values: counts },
      { name: '1000 / 2^(k+1)', values: law },
    ]
    return beside(
      lineChart(lines(sim, 'gini'), { top: 1 }),
      lineChart(people, {
        caption: `coins 0 … 8 (points 1 … 9); Gini ${gini(sim.model.people.column(p => p.wealth)).toFixed(2)}; point`,
      }),
    )
  },
  async 'game-of-life'() {
    const sim = await run('game-of-life', 400, { start: 'r-pentomino' })
    return beside(gridMap(sim), lineChart(lines(sim, 'living')))
  },
  async sugarscape() {
    const sim = await run('sugarscape', 200)
    return beside(gridMap(sim, 'sugar'), lineChart(lines(sim, 'foragers')))
  },
  async 'virus-on-network'() {
    return lineChart(lines(await run('virus-on-network', 300, { outbreak: 10 }), 'susceptible', 'infected', 'immune'))
  },
  async 'mm1-queue'() {
    const sim = await run('mm1-queue', 1_000)
    return beside(lineChart(lines(sim, 'present')), lineChart(lines(sim, 'mean_present', 'mean_waiting', 'utilisation')))
  },
}

/** The tutorial's town is the schelling model. */
const tutorial = {
  async town() {
    const sim = await start('schelling')
    const before = gridMap(sim)
    sim.run({ steps: 30 })
    return beside(before, gridMap(sim))
  },
  async 'town-lines'() {
    const sim = await start('schelling')
    const happy = []
    const alike = []
    for (let step = 0; step < 30; step++) {
      sim.run({ steps: 1 })
      happy.push(sim.model.residents.count(r => r.happy) / sim.model.residents.size)
      alike.push(sim.model.residents.mean(r => likeness(sim.model.grid.neighbors(r), r.group)))
    }
    const lines = [
      { name: 'happy', values: happy },
      { name: 'alike', values: alike },
    ]
    return lineChart(lines, { width: 616, top: 1 })
  },
}

function likeness(neighbors, group) {
  return neighbors.length === 0 ? 1 : neighbors.filter(n => n.group === group).length / neighbors.length
}

for (const [folder, pictures] of [
  ['models', plots],
  ['images', tutorial],
]) {
  mkdirSync(join(docs, folder), { recursive: true })
  for (const [name, draw] of Object.entries(pictures)) {
    writeFileSync(join(docs, folder, `${name}.svg`), `${await draw()}\n`)
    console.log(`docs/${folder}/${name}.svg`)
  }
}
