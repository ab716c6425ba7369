import {
  Agent,
  type AgentSet,
  defineScenario,
  Layer,
  Model,
  NotSaveable,
  Plane,
  resume,
  type Scenario,
  SquareGrid,
  simulate,
  topic,
  z,
} from 'mycelia'
import { describe, expect, it } from 'vitest'
import { CorruptBytes } from '../../src/core/index.js'
import { checkpointInfo } from '../../src/model/index.js'
import { nullAnswers } from './kit.js'

const params = z.object({ size: z.number().int().default(4) })
const News = topic<{ n: number }>('checkpoint-news')
let constructed = 0

interface Deed {
  readonly kind: string
  times: number
}

class Beast extends Agent<Zoo> {
  energy = 1
  angle = -0
  friend: Beast | undefined
  enemies = new Set<Beast>()
  deeds = new Map<string, Deed>()
  best: Deed | undefined
  trail = new Float64Array(3)
  world: Zoo | undefined
  heard = 0
  constructor() {
    super()
    constructed++
  }
  override wire(): void {
    this.on(News, ({ n }) => {
      this.heard += n
    })
  }
  override step(): void {
    const deed = this.deeds.get('walk') ?? { kind: 'walk', times: 0 }
    deed.times++
    this.deeds.set('walk', deed)
    this.best = deed
    this.trail[this.model.steps % 3] = this.rng.float()
    if (this.rng.chance(0.1)) this.friend = this.model.beasts.random()
    if (this.rng.chance(0.05)) this.enemies.add(this.model.beasts.random(this.rng))
    if (this.rng.chance(0.2)) this.publish(News, { n: this.ordinal })
    if (this.rng.chance(0.04)) this.after(3, 'meet', { whom: this.friend, at: [this.model.now] })
    this.model.grid.walk(this, 1, this.rng)
    this.energy += Math.atan2(this.angle, -1) > 0 ? 1 : -1
  }
  meet({ whom }: { whom: Beast | undefined; at: number[] }): void {
    if (whom?.alive && this.model.beasts.size > 10) whom.remove()
  }
}

/** Inherits everything but its streams. */
class Wild extends Beast {}

class Zoo extends Model<typeof params> {
  beasts = this.agentsOf(Beast)
  grid = new SquareGrid<Beast>({ width: 8, height: 8, torus: true, occupancy: 'many', rng: this.rng })
  heat = new Layer(this.grid, { initial: 0 })
  plane = new Plane<Beast>({ width: 4, height: 4, torus: true, cellSize: 1, rng: this.rng })
  favourites: AgentSet<Beast> | undefined
  mail = this.stream('mail')
  shared: unknown[] = []
  override setup(): void {
    for (const b of [...this.spawn(20, Beast), ...this.spawn(5, Wild)]) this.grid.placeRandomly(b)
    this.favourites = this.beasts.sample(8)
    this.beasts.at(0)?.remove()
    this.beasts.at(3)?.remove()
    const last = this.beasts.at(4) as Beast
    last.world = this
    this.shared = [this.favourites, this.favourites, last]
  }
  override step(): void {
    for (const b of [...this.beasts, ...this.agentsOf(Wild)]) b.step()
    const one = this.favourites?.random()
    if (one !== undefined) one.energy += this.mail.int(5)
    this.heat.map(x => x + 1)
    if (this.steps % 5 === 0) this.grid.placeRandomly(this.spawn(Beast))
  }
}

const zoo = defineScenario({ title: 'Zoo', model: Zoo, params, agents: { Beast, Wild } })

function resumed<M extends Model>(scenario: Scenario<M, z.ZodType>, steps: number, seed = 1) {
  const sim = simulate(scenario, { seed, requestHandler: nullAnswers })
  sim.run({ steps })
  return { sim, twin: resume(scenario, sim.save()) }
}

describe('a checkpoint', () => {
  it('D3: at any step, set-up included, a resumed run is the uninterrupted one', () => {
    for (const seed of [1, 2]) {
      const whole = simulate(zoo, { seed })
      whole.run({ steps: 60 })
      for (const k of [0, 1, 2, 3, 4, 5, 9, 17, 30, 44, 59]) {
        const { twin } = resumed(zoo, k, seed)
        twin.run({ steps: 60 - k })
        expect(twin.digest, `at ${k}`).toBe(whole.digest)
        expect(twin.save()).toEqual(whole.save())
      }
    }
  })

  it('is taken again from a resumed run with the same bytes', () => {
    const { sim, twin } = resumed(zoo, 23)
    expect(twin.save()).toEqual(sim.save())
  })

  it('calls no agent’s constructor, and not the model’s where the classes are declared', () => {
    const { sim } = resumed(zoo, 10)
    const bytes = sim.save()
    const before = constructed
    const twin = resume(zoo, bytes)
    expect(constructed).toBe(before)
    expect(twin.model.beasts.at(0)).toBeInstanceOf(Beast)
    expect(twin.model.agentsOf(Wild).size).toBe(5)
  })

  it('keeps shared objects shared: plain ones, agents, sets, spaces, the model itself', () => {
    const { twin } = resumed(zoo, 12)
    const { model } = twin
    for (const b of model.beasts) if (b.best !== undefined) expect(b.best).toBe(b.deeds.get('walk'))
    expect(model.shared[0]).toBe(model.favourites)
    expect(model.shared[1]).toBe(model.favourites)
    expect((model.shared[2] as Beast).world).toBe(model)
    expect(model.heat.grid).toBe(model.grid)
    expect(model.mail).toBe(model.stream('mail'))
    expect(model.agentsOf(Beast)).toBe(model.beasts)
    for (const b of model.beasts) expect(b._home).toBe(model.grid)
  })

  it('keeps −0, which is another direction than 0', () => {
    const { twin } = resumed(zoo, 5)
    expect(Object.is(twin.model.beasts.at(0)?.angle, -0)).toBe(true)
  })

  it('gives every agent the stream it had, a subclass not that of its parent', () => {
    const { sim, twin } = resumed(zoo, 8)
    const draws = (model: Zoo) => [...model.beasts, ...model.agentsOf(Wild)].map(b => b.rng.uint32())
    const there = draws(sim.model)
    expect(draws(twin.model)).toEqual(there)
    expect(new Set(there).size).toBe(there.length)
  })

  it('runs `wire` again, once: every message is heard once', () => {
    const { sim, twin } = resumed(zoo, 8)
    for (const run of [sim, twin]) {
      const { model } = run
      const before = model.beasts.map(b => b.heard)
      model.publish(News, { n: 1000 })
      run.tick({ time: model.now, step: false, inputs: [{ kind: 'nothing' }] })
      expect(model.beasts.toArray().map((b, i) => b.heard - (before[i] ?? 0))).toEqual(before.map(() => 1000))
    }
  })

  it('says what it is, and is refused by another scenario, when cut short and when lengthened', () => {
    const { sim } = resumed(zoo, 3, 9)
    const bytes = sim.save()
    expect(checkpointInfo(bytes)).toMatchObject({ scenario: 'zoo', seed: 9, params: { size: 4 } })
    const other = defineScenario({ title: 'Other', model: Zoo, params })
    expect(() => resume(other, bytes)).toThrow('checkpoint: expected one of scenario "other", got "zoo".')
    for (const n of [0, 1, 100, bytes.length - 1]) expect(() => resume(zoo, bytes.subarray(0, n))).toThrow(CorruptBytes)
    expect(() => resume(zoo, new Uint8Array([5, 0, 0, 0, 0, 0, 0, 0, 0]))).toThrow('These bytes are not a checkpoint.')
  })
})

describe('the removed', () => {
  class Ghost extends Agent<Crypt> {
    name = ''
    mate: Ghost | undefined
    haunt(who: Ghost): void {
      this.name += who.name
    }
  }
  class Crypt extends Model {
    ghosts = this.agentsOf(Ghost)
    told: string[] = []
    override setup(): void {
      const [a, b, c, d] = this.spawn(4, Ghost, i => ({ name: 'abcd'[i] ?? '' })) as [Ghost, Ghost, Ghost, Ghost]
      a.mate = b
      b.mate = c
      d.ask('who', { me: d }, 'haunt')
      a.after(3, 'haunt', d)
      for (const dead of [b, c, d]) dead.remove()
    }
  }
  const crypt = defineScenario({ title: 'Crypt', model: Crypt, params: z.object({}), agents: { Ghost } })

  it('live on in references from fields, from one another, from events and from requests', () => {
    const { sim, twin } = resumed(crypt, 1)
    const [a] = [...twin.model.ghosts] as [Ghost]
    expect([a.mate?.name, a.mate?.alive, a.mate?.mate?.name, twin.model.ghosts.size]).toEqual(['b', false, 'c', 1])
    const [request] = twin.requests.waiting()
    expect(request).toMatchObject({ target: { key: 'Ghost-3' } })
    expect(request).toHaveProperty('payload.me', request?.target)
    for (const s of [sim, twin]) s.run({ steps: 3 })
    expect(a.name).toBe('ad')
    expect(twin.digest).toBe(sim.digest)
  })
})

describe('what cannot be saved', () => {
  class Odd extends Agent<Shelf> {
    thing: unknown
    take(_thing: unknown): void {}
  }
  class Shelf extends Model {
    odds = this.agentsOf(Odd)
    thing: unknown
    override setup(): void {
      this.spawn(3, Odd)
    }
  }
  const shelf = defineScenario({ title: 'Shelf', model: Shelf, params: z.object({}), agents: { Odd } })
  class Custom {
    x = 1
  }
  class Named extends Map<string, number> {}
  const buffer = new Float64Array(8)

  it.each([
    ['a function', () => 1, 'a function'],
    ['an object of a class', new Custom(), 'a Custom'],
    ['a date', new Date(0), 'a Date'],
    ['a class derived from Map, which would come back as a Map', new Named(), 'a Named'],
    ['a symbol', Symbol('s'), 'a symbol'],
    ['a bigint', 1n, 'a bigint'],
    ['a topic', News, 'a Topic'],
  ])('%s: fails naming type and field', (_, thing, named) => {
    const sim = simulate(shelf)
    const agent = sim.model.odds.at(1) as Odd
    agent.thing = { deep: [thing] }
    expect(() => sim.save()).toThrow(NotSaveable)
    expect(() => sim.save()).toThrow(`Odd-1.thing.deep[0] holds ${named}`)
    agent.thing = undefined
    sim.model.thing = thing
    expect(() => sim.save()).toThrow(`model.thing holds ${named}`)
    sim.model.thing = undefined
    const payload: { thing?: unknown } = {}
    agent.after(5, 'take', payload)
    payload.thing = thing
    expect(() => sim.save()).toThrow(/^event\.events\[0\]\.payload\.thing holds/)
  })

  it('two arrays over one memory fail, for they would come back apart', () => {
    const sim = simulate(shelf)
    sim.model.thing = [buffer.subarray(0, 4), buffer.subarray(2, 6)]
    expect(() => sim.save()).toThrow('model.thing[1] shares its memory with another array')
    sim.model.thing = [buffer.subarray(2, 4)]
    expect(resume(shelf, sim.save()).model.thing).toEqual([new Float64Array(2)])
  })

  it('agents of a class nobody declares or mentions: the error says where to name it', () => {
    class Late extends Agent {
      static readonly type = 'Late'
    }
    class Plain extends Model {
      override step(): void {
        this.spawn(Late)
      }
    }
    const undeclared = defineScenario({ title: 'Undeclared', model: Plain, params: z.object({}) })
    const sim = simulate(undeclared)
    sim.step()
    expect(() => resume(undeclared, sim.save())).toThrow('Name its class: defineScenario({ agents: { Late } }).')
    const declared = defineScenario({ title: 'Undeclared', model: Plain, params: z.object({}), agents: { Late } })
    expect(resume(declared, sim.save()).model.agentsOf(Late).size).toBe(1)
  })

  it('classes that only the set-up mentions are found, beside those of fields', () => {
    class Quiet extends Agent {
      static readonly type = 'Quiet'
    }
    class Half extends Model {
      odds = this.agentsOf(Odd)
      override setup(): void {
        this.spawn(2, Quiet)
      }
    }
    const half = defineScenario({ title: 'Half', model: Half, params: z.object({}), agents: { Odd } })
    const sim = simulate(half)
    expect(resume(half, sim.save()).digest).toBe(sim.digest)
  })
})
