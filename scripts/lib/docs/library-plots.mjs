/** The plots of the models whose page shows a known result: what was measured, over what theory or the paper says. */

import { beside, lineChart } from './plot.mjs'

/**
 * By name, functions that draw. `run(name, steps, params, seed)` makes a run, `lines(sim, …columns)` reads what it collected, and
 * `gridMap(sim)` draws a square grid.
 */
export function libraryPlots({ run, lines, gridMap }) {
  const column = (sim, name) => sim.table('model').column(name)
  const tail = (sim, name, from) => mean(column(sim, name).slice(from))

  return {
    async ants() {
      return lineChart(lines(await run('ants', 900), 'near', 'middle', 'far'))
    },
    async axelrod() {
      const regions = await over([2, 4, 6, 8, 10, 12, 14, 16, 18, 20], async traits => {
        const runs = await over([1, 2, 3, 4], async seed => (await run('axelrod', 4_000, { traits }, seed)).model.regions)
        return mean(runs)
      })
      return lineChart([{ name: 'regions in the end', values: regions }], { caption: 'traits 2, 4 … 20; point' })
    },
    async 'bank-reserves'() {
      const reserves = [20, 40, 80]
      const money = await over(reserves, async reserve => column(await run('bank-reserves', 1_200, { reserve }), 'money'))
      return lineChart(reserves.map((reserve, i) => ({ name: `money at ${reserve} %`, values: money[i] })))
    },
    async bass() {
      const shares = column(await run('bass', 240, { people: 5_000 }), 'share')
      const law = shares.map((_, month) => {
        const left = Math.exp((-0.41 * month) / 12)
        return (1 - left) / (1 + (0.38 / 0.03) * left)
      })
      const curves = [
        { name: 'owners', values: shares },
        { name: 'Bass’ curve', values: law },
      ]
      return beside(lineChart(curves, { top: 1 }), lineChart(lines(await run('bass', 240, { people: 5_000 }), 'sales')))
    },
    async 'civil-violence'() {
      return lineChart(lines(await run('civil-violence', 400), 'rebels', 'jailed'))
    },
    async daisyworld() {
      const sun = { luminosity: 0.6, warming: 0.0025 }
      const [living, bare] = await over([0.2, 0], async daisies =>
        column(await run('daisyworld', 400, { ...sun, daisies }), 'temperature').slice(1),
      )
      const both = [
        { name: 'with daisies', values: living },
        { name: 'bare planet', values: bare },
      ]
      return lineChart(both, { caption: 'sun from 0.6 to 1.6, °C; step' })
    },
    async dla() {
      const sim = await run('dla', 700)
      return beside(gridMap(sim), lineChart(lines(sim, 'gyration')))
    },
    async economy() {
      return lineChart(lines(await run('economy', 80), 'income', 'wealth', 'debt'))
    },
    async 'el-farol'() {
      return lineChart(lines(await run('el-farol', 200), 'attendance'), { top: 100, caption: 'week' })
    },
    async 'franke-westerhoff'() {
      const sim = await run('franke-westerhoff', 2_000)
      const sizes = column(sim, 'return').map(r => 100 * Math.abs(r))
      return beside(
        lineChart([{ name: 'size of the return, %', values: sizes }], { caption: 'day' }),
        lineChart(lines(sim, 'fundamentalists'), { caption: 'day', top: 1 }),
      )
    },
    async 'hawk-dove'() {
      const shares = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(tenths => tenths / 10)
      const measured = opponents =>
        over(shares, async share => tail(await run('hawk-dove', 200, { cost: 1 / share, opponents }), 'hawks', 100))
      const curves = [
        { name: 'with anyone', values: await measured('anyone') },
        { name: 'with neighbours', values: await measured('neighbours') },
        { name: 'V / C', values: shares },
      ]
      return lineChart(curves, { caption: 'V / C from .1 to .9; point', top: 1 })
    },
    async 'hex-life'() {
      return lineChart(lines(await run('hex-life', 200), 'living'))
    },
    async ising() {
      const temperatures = Array.from({ length: 21 }, (_, i) => 1 + i / 8)
      const measured = await over(temperatures, async temperature =>
        Math.abs(tail(await run('ising', 300, { temperature, start: 'up', size: 40 }), 'magnetisation', 150)),
      )
      const onsager = temperatures.map(t => Math.max(0, 1 - Math.sinh(2 / t) ** -4) ** (1 / 8))
      const curves = [
        { name: 'magnetisation', values: measured },
        { name: 'Onsager', values: onsager },
      ]
      return lineChart(curves, { caption: 'temperature 1 to 3.5; point', top: 1 })
    },
    async kuramoto() {
      const pulls = Array.from({ length: 17 }, (_, i) => i / 4)
      const measured = await over(pulls, async coupling =>
        tail(await run('kuramoto', 600, { coupling, oscillators: 1_000 }), 'order', 300),
      )
      const curves = [
        { name: 'order', values: measured },
        { name: '√(1 − 2γ/K)', values: pulls.map(K => Math.sqrt(Math.max(0, 1 - 1 / K))) },
      ]
      return lineChart(curves, { caption: 'K from 0 to 4; point', top: 1 })
    },
    async 'predator-prey'() {
      return lineChart(lines(await run('predator-prey', 400), 'prey', 'predators'))
    },
    async 'prisoners-dilemma'() {
      const sim = await run('prisoners-dilemma', 100)
      const known = column(sim, 'cooperators').map(() => 12 * Math.log(2) - 8)
      return beside(gridMap(sim), lineChart([...lines(sim, 'cooperators'), { name: '12 ln 2 − 8', values: known }], { top: 1 }))
    },
    async 'schelling-network'() {
      const kinds = ['ring', 'small world', 'random', 'scale-free']
      const alike = await over(kinds, async network => {
        const values = [...column(await run('schelling-network', 15, { network }), 'alike')]
        while (values.length < 16) values.push(values.at(-1))
        return values
      })
      return lineChart(
        kinds.map((name, i) => ({ name, values: alike[i] })),
        { top: 1 },
      )
    },
    async seir() {
      const kinds = [0, 0.5, 1]
      const curves = await over(kinds, async traced => column(await run('seir', 120, { traced }), 'infectious'))
      return lineChart(kinds.map((traced, i) => ({ name: `${100 * traced} % traced`, values: curves[i] })))
    },
    async sznajd() {
      const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
      const seeds = Array.from({ length: 60 }, (_, i) => i + 1)
      const measured = await over(shares, async favour =>
        mean(
          await over(seeds, async seed => Number((await run('sznajd', 5_000, { favour, people: 30 }, seed)).model.inFavour > 0)),
        ),
      )
      const curves = [
        { name: 'ends in favour', values: measured },
        { name: 'p² / (p² + (1−p)²)', values: shares.map(p => p ** 2 / (p ** 2 + (1 - p) ** 2)) },
      ]
      return lineChart(curves, { caption: 'in favour at first, .1 to .9; point', top: 1 })
    },
    async traffic() {
      const densities = Array.from({ length: 33 }, (_, i) => 0.01 + 0.03 * i)
      const flow = dawdle =>
        over(densities, async density => tail(await run('traffic', 400, { density, dawdle, length: 300 }), 'flow', 200))
      const curves = [
        { name: 'nobody dawdles', values: await flow(0) },
        { name: 'p = 0.3', values: await flow(0.3) },
        { name: 'p = 0.5', values: await flow(0.5) },
      ]
      return lineChart(curves, { caption: 'flow; cars a cell .01 to .97; point' })
    },
    async vicsek() {
      const noises = Array.from({ length: 13 }, (_, i) => i / 2)
      const order = await over(noises, async noise => tail(await run('vicsek', 200, { noise }), 'order', 120))
      return lineChart([{ name: 'order', values: order }], { caption: 'noise 0 to 6; point', top: 1 })
    },
  }
}

/** One after another. */
async function over(values, f) {
  const results = []
  for (const value of values) results.push(await f(value))
  return results
}

function mean(values) {
  return values.reduce((sum, x) => sum + x, 0) / values.length
}
