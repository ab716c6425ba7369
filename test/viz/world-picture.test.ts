import { expect, test } from 'vitest'
import schelling from '../../scenarios/models/schelling.js'
import sugarscape from '../../scenarios/models/sugarscape.js'
import virus from '../../scenarios/models/virus-on-network.js'
import wealth from '../../scenarios/wealth.js'
import { type Scenario, simulate } from '../../src/model/index.js'
import { type Clock, Observer, Parts } from '../../src/view/index.js'
import { fitted } from '../../viz/draw/camera.js'
import { parseColor, pixel } from '../../viz/draw/color.js'
import { legendOf } from '../../viz/draw/legend.js'
import { drawMarks, type Pen } from '../../viz/draw/marks.js'
import { agentAt, agentOfId, agentTowards, anyAgent } from '../../viz/draw/pick.js'
import { type Scene, SceneReader } from '../../viz/draw/scene.js'
import { WorldPicture } from '../../viz/draw/world-picture.js'
import { NetworkPlaces } from '../../viz/panels/network-places.js'

const clock: Clock = {
  step: 0,
  time: 0,
  state: 'paused',
  newest: 0,
  earliest: 0,
  speed: null,
  rate: 0,
  reason: null,
  digest: null,
  branch: 0,
}
const options = { layer: undefined, hidden: new Set<string>(), around: 1, ground: 2, edge: pixel(9, 9, 9) }
const none = new Set<string>()

function watched(scenario: unknown, steps = 3, params = {}) {
  const sim = simulate(scenario as Scenario, { seed: 1, params })
  sim.run({ steps })
  const observer = new Observer(sim)
  observer.look(clock)
  const parts = new Parts()
  parts.receive(observer.parts.frame(() => -1) as Uint8Array)
  const reader = new SceneReader()
  return { sim, parts, reader, scene: reader.read(parts) as Scene }
}

test('every cell of a square grid has the colour its agent has, and the ground where there is none', () => {
  const { sim, scene } = watched(schelling)
  const { grid } = sim.model as unknown as { grid: { at(cell: number): { group: number } | undefined } }
  const camera = fitted(scene.extent, 400, 400, 0)
  const { pixels } = new WorldPicture().paint(scene, camera, 400, 400, options)
  const colors = ['#d1495b', '#30638e'].map(color => parseColor(color))
  for (let cell = 0; cell < 1_600; cell++) {
    const agent = grid.at(cell)
    const middle = (Math.floor(cell / 40) * 10 + 4) * 400 + (cell % 40) * 10 + 4
    expect(pixels[middle]).toBe(agent === undefined ? 2 : colors[agent.group])
  }
})

test('a layer is painted cell by cell, beneath the agents, and its scale has the range of its view', () => {
  const { sim, scene } = watched(sugarscape)
  const { sugar, grid } = sim.model as unknown as {
    sugar: { get(cell: number): number }
    grid: { isEmpty(cell: number): boolean }
  }
  expect(scene.layers).toMatchObject([{ name: 'sugar', min: 0, max: 4 }])
  const picture = new WorldPicture()
  const { pixels } = picture.paint(scene, fitted(scene.extent, 200, 200, 0), 200, 200, { ...options, layer: 'sugar' })
  const ends = new Map([
    [0, parseColor('#ffffff')],
    [4, parseColor('#edae49')],
  ])
  let checked = 0
  for (let cell = 0; cell < 2_500; cell++) {
    const color = ends.get(sugar.get(cell))
    if (color === undefined || !grid.isEmpty(cell)) continue
    expect(pixels[(Math.floor(cell / 50) * 4 + 1) * 200 + (cell % 50) * 4 + 1]).toBe(color)
    checked++
  }
  expect(checked).toBeGreaterThan(200)
})

test('what a reader switches off is not painted and cannot be picked', () => {
  const { scene } = watched(schelling)
  const camera = fitted(scene.extent, 200, 200, 0)
  const hidden = new Set(['Resident'])
  const { pixels } = new WorldPicture().paint(scene, camera, 200, 200, { ...options, hidden })
  expect(new Set(pixels)).toEqual(new Set([2]))
  expect(anyAgent(scene, hidden)).toBeUndefined()
  expect(agentAt(scene, camera, 100, 100, 50, hidden)).toBeUndefined()
})

test('the legend counts every agent once', () => {
  const { sim, scene } = watched(virus)
  const people = sim.population.sets.get('Person')?.size
  expect(legendOf(scene).reduce((sum, { count }) => sum + count, 0)).toBe(people)
  expect(legendOf(scene).find(({ color }) => color === '#d1495b')?.count).toBe(
    [...(sim.population.sets.get('Person') ?? [])].filter(p => (p as unknown as { state: string }).state === 'infected').length,
  )
})

test('the agent under a point is the one drawn there, and arrow keys reach its neighbour', () => {
  const { scene } = watched(schelling)
  const camera = fitted(scene.extent, 400, 400, 0)
  let reached = 0
  for (const crowd of scene.crowds)
    for (let i = 0; i < crowd.ids.length; i += 37) {
      const [x, y] = [(crowd.at[2 * i] as number) * 10, (crowd.at[2 * i + 1] as number) * 10]
      const picked = agentAt(scene, camera, x, y, 4, none)
      expect(picked?.id).toBe(crowd.ids[i])
      const right = picked && agentTowards(scene, picked, 1, 0, none)
      if (right !== undefined) {
        reached++
        expect(right.x).toBeGreaterThan(x / 10)
      }
      expect(agentOfId(scene, crowd.ids[i] as number)).toEqual(picked)
    }
  expect(reached).toBeGreaterThan(10)
})

test('a network is laid out once, alike each time, and a frame that changes no edge moves no node', () => {
  const settle = () => {
    const { reader, parts } = watched(virus, 3, { people: 60 })
    let ticks = 0
    for (; reader.layout.settles; ticks++) reader.layout.tick()
    expect(ticks).toBeLessThanOrEqual(300)
    return { reader, parts, at: [...(reader.read(parts)?.nodes ?? [])] }
  }
  const first = settle()
  expect(settle().at).toEqual(first.at)
  expect(first.at.every(value => value >= 0 && value <= 1_000)).toBe(true)
  first.parts.setJson('clock', { ...clock, step: 4 })
  expect([...(first.reader.read(first.parts)?.nodes ?? [])]).toEqual(first.at)
  first.reader.layout.drag(5, 400, 300)
  while (first.reader.layout.settles) first.reader.layout.tick()
  expect(first.reader.layout.at[10]).toBeCloseTo(400)
  expect(first.reader.layout.at[11]).toBeCloseTo(300)
})

test('nodes of a panel stand by groups, and one that was dragged stays while others come and go', () => {
  const places = new NetworkPlaces()
  const node = (i: number) => ({ id: `n${i}`, group: i % 2 === 0 ? 'even' : 'odd' })
  const nodes = Array.from({ length: 40 }, (_, i) => node(i))
  const edges = nodes.slice(1).map(({ id }) => ({ from: 'n0', to: id }))
  places.take(nodes, edges)
  const settle = () => {
    while (places.settles) places.settle(50)
  }
  settle()
  const first = places.take(nodes, edges)
  const middle = (group: string) => {
    const own = nodes.filter(each => each.group === group).map(({ id }) => first.get(id)?.x ?? 0)
    return own.reduce((sum, x) => sum + x, 0) / own.length
  }
  expect(middle('even') - middle('odd')).toBeGreaterThan(200)
  places.move('n7', 900, 100)
  places.take([...nodes.slice(3), node(50)], edges)
  settle()
  const later = places.take([...nodes.slice(3), node(50)], edges)
  expect(later.get('n7')?.x).toBeCloseTo(900)
  expect(later.get('n7')?.y).toBeCloseTo(100)
  expect(later.has('n0')).toBe(false)
})

test('agents of a model without a space stand in rows, none on another', () => {
  const { scene } = watched(wealth)
  const at = scene.crowds[0]?.at ?? []
  const places = new Set(Array.from({ length: 100 }, (_, i) => `${at[2 * i]},${at[2 * i + 1]}`))
  expect(places.size).toBe(100)
  expect(scene.space.kind).toBe('none')
})

test('the chosen agent has a ring, its neighbours have one each, and its trail does not cross an edge that wraps', () => {
  const { scene } = watched(schelling)
  const said: string[] = []
  const pen = new Proxy({} as Pen, {
    get:
      (_, name) =>
      (...values: unknown[]) =>
        said.push(`${String(name)} ${values.slice(0, 3).join(' ')}`),
    set: () => true,
  })
  const [chosen, neighbor] = [anyAgent(scene, none), agentOfId(scene, scene.crowds[0]?.ids[7] ?? -1)]
  const marks = { chosen, hovered: undefined, neighbors: neighbor === undefined ? [] : [neighbor], trail: [0, 1, 2, 39] }
  const camera = { scale: 10, x: 0, y: 0 }
  drawMarks(pen, scene, camera, marks, { ink: '#000', halo: '#fff', neighbor: '#f00' }, 1)
  expect(said.filter(line => line.startsWith(`arc ${(neighbor?.x ?? 0) * 10} ${(neighbor?.y ?? 0) * 10}`))).toHaveLength(1)
  expect(said.filter(line => line.startsWith(`arc ${(chosen?.x ?? 0) * 10} ${(chosen?.y ?? 0) * 10}`))).toHaveLength(2)
  expect(said).toContain('lineTo 25 5')
  expect(said).toContain('moveTo 395 5')
  expect(said).not.toContain('lineTo 395 5')
})
