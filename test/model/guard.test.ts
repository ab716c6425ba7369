/** Chance and time have one door: in a guarded run the host's own throw within the model, and work as ever outside it. */
import { describe, expect, it } from 'vitest'
import { Agent, defineScenario, Model, resume, simulate, topic, z } from '../../src/index.js'

// A browser's; the doors are looked for at the first step that is guarded.
Object.assign(globalThis, { requestAnimationFrame: () => 0 })

let act: (model: Model) => unknown = () => undefined

class Walker extends Agent<Place> {
  override step() {
    act(this.model)
  }
  ring() {
    return act(this.model) as undefined
  }
}

class Place extends Model {
  walkers = this.agentsOf(Walker)
  override setup() {
    this.spawn(2, Walker)
  }
  override step() {
    this.walkers.do(walker => walker.step())
  }
}

const place = defineScenario({ name: 'place', title: 'Place', model: Place, params: z.object({}), agents: { Walker } })

/** What a run of one step throws, if anything. */
function thrown(doing: typeof act, guard = true): string {
  act = doing
  try {
    simulate(place, { guard }).run({ steps: 1 })
    return ''
  } catch (error) {
    return (error as Error).message
  } finally {
    act = () => undefined
  }
}

const doors = {
  'Math.random()': () => Math.random(),
  'Date.now()': () => Date.now(),
  'new Date()': () => new Date(),
  'performance.now()': () => performance.now(),
  'setTimeout()': () => setTimeout(() => undefined),
  'setInterval()': () => clearInterval(setInterval(() => undefined)),
  'setImmediate()': () => setImmediate(() => undefined),
  'queueMicrotask()': () => queueMicrotask(() => undefined),
  'requestAnimationFrame()': () => requestAnimationFrame(() => undefined),
  'crypto.randomUUID()': () => globalThis.crypto.randomUUID(),
  'crypto.getRandomValues()': () => globalThis.crypto.getRandomValues(new Uint8Array(1)),
}

describe('within a tick of a guarded run', () => {
  it.each(Object.entries(doors))('%s throws, names itself and the next move', (name, use) => {
    expect(thrown(use)).toContain(`${name} within a step of the model: expected chance and time that a seed repeats`)
    expect(thrown(use, false)).toBe('')
  })

  it('the date as a text is the time as well', () => {
    expect(thrown(() => Date())).toContain('new Date() within a step')
  })

  it('what only converts works as ever', () => {
    let seen: unknown
    expect(thrown(() => (seen = [new Date(5).getTime(), Date.UTC(2020, 0), new Date(0) instanceof Date, Math.sin(0)]))).toBe('')
    expect(seen).toEqual([5, Date.UTC(2020, 0), true, 0])
  })

  it('set-up and end are guarded as steps are', () => {
    class Late extends Place {
      override finish() {
        Math.random()
      }
    }
    class Early extends Place {
      override setup() {
        Math.random()
      }
    }
    const sim = simulate(defineScenario({ ...place, model: Late }), { guard: true })
    expect(() => sim.finish()).toThrow('Math.random() within')
    expect(() => simulate(defineScenario({ ...place, model: Early }), { guard: true })).toThrow('Math.random() within')
  })
})

describe('outside', () => {
  const usual = () => [Math.random, Date, Date.now, performance.now, setTimeout, setInterval, setImmediate, queueMicrotask]

  it('the doors are back in place after a step, after a throw, and after a run within a run', () => {
    const before = usual()
    const sim = simulate(place, { guard: true })
    sim.run({ steps: 2, onStep: () => expect(usual()).toEqual(before) })
    thrown(() => {
      throw new Error('tired')
    })
    expect(usual()).toEqual(before)
    let inner = ''
    thrown(() => {
      const kept = act
      act = () => undefined
      simulate(place, { guard: true }).run({ steps: 1 })
      act = kept
      try {
        Math.random()
      } catch (error) {
        inner = (error as Error).message
      }
    })
    expect(inner).toContain('Math.random() within')
    expect(usual()).toEqual(before)
  })

  it('the guard changes no digest', () => {
    const digests = [true, false].map(guard => {
      const sim = simulate(place, { guard, seed: 4 })
      sim.run({ steps: 20 })
      return sim.digest
    })
    expect(digests[0]).toBe(digests[1])
  })
})

describe('a step that goes on after its end', () => {
  it('of the model, of an agent or of an event is an error that names the method', () => {
    class Slow extends Place {
      override async step() {
        await Promise.resolve()
      }
    }
    expect(() => simulate(defineScenario({ ...place, model: Slow })).run({ steps: 1 })).toThrow('step() returned a promise')
    class Waiting extends Walker {
      override async step() {
        await Promise.resolve()
      }
    }
    class Hall extends Model {
      override setup() {
        this.spawn(1, Waiting)
      }
    }
    const hall = defineScenario({ name: 'hall', title: 'Hall', model: Hall, params: z.object({}), agents: { Waiting } })
    expect(() => simulate(hall)).toThrow('Waiting.step() is async')
    class Patient extends Waiting {}
    class Ward extends Model {
      override setup() {
        this.spawn(1, Patient)
      }
    }
    expect(() => simulate(defineScenario({ ...hall, model: Ward, agents: { Patient } }))).toThrow('Patient.step() is async')
    class Lasting extends Place {
      override async finish() {
        await Promise.resolve()
      }
    }
    expect(() => simulate(defineScenario({ ...place, model: Lasting })).finish()).toThrow('finish() returned a promise')
    act = () => Promise.resolve()
    const sim = simulate(place)
    for (const walker of sim.model.walkers) walker.after(1, 'ring')
    expect(() => sim.run({ steps: 3 })).toThrow('ring() of Walker-0 returned a promise')
    act = () => undefined
  })

  it('nor does the handler of a message: an async one is refused at its subscription, a promise when it is returned', () => {
    const Told = topic<{ n: number }>('Told')
    let told: (message: { n: number }) => unknown = () => undefined
    class Hearer extends Agent<Hall> {
      override wire() {
        this.on(Told, told as () => void)
      }
    }
    class Hall extends Model {
      override setup() {
        this.spawn(1, Hearer)
      }
      override step() {
        this.publish(Told, { n: 1 })
      }
    }
    const hall = defineScenario({ name: 'hall', title: 'Hall', model: Hall, params: z.object({}), agents: { Hearer } })
    told = async () => undefined
    expect(() => simulate(hall)).toThrow('the handler of "Told" is async')
    told = () => Promise.resolve()
    expect(() => simulate(hall).run({ steps: 1 })).toThrow('the handler of "Told" returned a promise')
    for (const fine of [() => null, () => 3, () => ({ n: 1 })]) {
      told = fine
      expect(() => simulate(hall).run({ steps: 1 })).not.toThrow()
    }
  })
})

describe('outside of ticks', () => {
  const guarded = (model: new () => Model, collect = {}) =>
    defineScenario({ name: 'guarded', title: 'Guarded', model, params: z.object({}), agents: { Walker }, collect })
  const says = /Math\.random\(\) within a step of the model/

  it('a field of the model, the row of step 0 and a subscription after a resume are of the model too', () => {
    class Lucky extends Model {
      luck = Math.random()
    }
    expect(() => simulate(guarded(Lucky), { guard: true })).toThrow(says)
    const collect = { model: { luck: () => Math.random() } }
    expect(() => simulate(guarded(Place, collect), { guard: true })).toThrow(says)
    let late = false
    class Late extends Model {
      override wire() {
        if (late) Math.random()
      }
    }
    const saved = simulate(guarded(Late), { guard: true }).save()
    late = true
    expect(() => resume(guarded(Late), saved, { guard: true })).toThrow(says)
    expect(Math.random()).toBeLessThan(1)
  })
})
