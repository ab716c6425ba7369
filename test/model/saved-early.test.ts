/** What no checkpoint can hold is found at the first births and steps, and what a resume would lack is found by resuming. */

import { Agent, defineScenario, Model, OperatorError, resume, simulate, topic, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { privateFieldIn } from '../../src/model/private-fields.js'
import { nullAnswers } from './kit.js'

class Ant extends Agent {
  hear(_news: unknown): void {}
  load: unknown = 0
}

class Hill extends Model {
  ants = this.agentsOf(Ant)
  thing: unknown
  override setup(): void {
    this.spawn(5, Ant)
  }
  override step(): void {
    this.ants.shuffleDo(a => a.step())
  }
}

const of = (model: new () => Hill, agents: Record<string, typeof Ant> = { Ant }) =>
  defineScenario({ title: 'Hill', model, params: z.object({}), agents })

class Trail {
  length = 3
}

describe('a private field', () => {
  class Hidden extends Ant {
    // biome-ignore lint/correctness/noUnusedPrivateClassMembers: it is what is refused
    #secret = 1
    override step(): void {
      this.#secret++
    }
  }

  it('is refused at the first birth of a class of agents, of its subclasses too, with the class, the field and the next move', () => {
    class Hidden2 extends Hidden {}
    class Nest extends Hill {
      override setup(): void {
        this.spawn(Hidden2)
      }
    }
    expect(() => simulate(of(Nest, { Ant, Hidden2 }))).toThrow(
      'class Hidden keeps #secret, which no checkpoint can hold: expected agents that keep their state in public fields. ' +
        "Call it secret; TypeScript's `private secret` is fine, since it is a public field to JavaScript.",
    )
  })

  it('is refused of a model, before it runs', () => {
    class Secretive extends Hill {
      // biome-ignore lint/correctness/noUnusedPrivateClassMembers: it is what is refused
      #count = 0
      override step(): void {
        this.#count++
      }
    }
    expect(() => simulate(of(Secretive))).toThrow('class Secretive keeps #count')
  })

  it('is allowed as a private one of TypeScript, and in comments, texts and regular expressions', () => {
    class Open extends Ant {
      private secret = 1
      override step(): void {
        // this.#secret is only spoken of
        this.load = `a.#b ${this.secret++} .#c` + '.#d'.replace(/["'`].#e|\/.#f/, '')
      }
    }
    const sim = simulate(of(Hill, { Ant, Open }))
    sim.model.spawn(Open)
    sim.run({ steps: 2 })
    expect(sim.finished).toBe(false)
  })

  it.each([
    ['class A { #x = 1; f() { return this.#x } }', 'x'],
    ['class A { f() { return this?.#x } }', 'x'],
    ['class A { has(o) { return #x in o } }', 'x'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a class
    ['class A { f() { return `${`${this.#x}`}` } }', 'x'],
    ['class A { f() { return 1 / 2 / this.#x } }', 'x'],
    ['class A { constructor() { __privateAdd(this, _x, 1) } }', 'x'],
    ['class A { f() { return __privateGet(this, _x2) } }', 'x'],
    ['class A { f() { return __classPrivateFieldGet(this, _A_x, "f") } }', 'x'],
    ['class A { f() { return __classPrivateFieldSet(this, _A_x, 1, "f") } }', 'x'],
    ['class A { f() { __privateSet(this, _x, 1) } }', 'x'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a class
    ['class A { f() { return `${{ a: 1 }.a + this.#x}` } }', 'x'],
    ['class A { f() { return /[a]/.test(this.#x) } }', 'x'],
    ['class A { f() { return /[/.#x]/ } }', undefined],
    ['class A { f() { return `\\`.#x` } }', undefined],
    ['class A { /*/ .#x */ }', undefined],
    ['class A { f() { return "\\".#x" + \'.#x\' + `.#x` /* .#x */ } // .#x', undefined],
    ['class A { f() { return /[/"]/.test("a") ? /.#x/ : (1) / 2 } }', undefined],
    ['class A { f() { return x["#x"] } }', undefined],
    ...'return typeof case in of do else void delete throw new instanceof yield await'
      .split(' ')
      .map((word): [string, undefined] => [`class A { f() { ${word} /.#x/ } }`, undefined]),
  ])('is read from the text of a class: %s', (text, name) => {
    expect(privateFieldIn(text)).toBe(name)
  })
})

describe('a value that cannot be saved', () => {
  const stepOf = (change: (model: Hill) => void) => {
    const sim = simulate(of(Hill), { requestHandler: nullAnswers })
    change(sim.model)
    return () => sim.step()
  }

  it('is found at the first step, with its path and the next move', () => {
    expect(stepOf(m => Object.assign(m, { thing: { plan: [() => 1] } }))).toThrow(
      'model.thing.plan[0] holds a function, which cannot be saved. Keep plain data, typed arrays, Map, Set or agents. ' +
        'A method of the class can take the place of a function.',
    )
    expect(stepOf(m => Object.assign(m.ants.at(4) as Ant, { load: new Map([['a', new Trail()]]) }))).toThrow(
      'Ant-4.load[a] holds a Trail',
    )
    expect(stepOf(m => Object.assign(m.ants.at(0) as Ant, { load: new Set([Symbol('x')]) }))).toThrow(
      'Ant-0.load[0] holds a symbol',
    )
    expect(stepOf(m => Object.assign(m, { thing: new BigInt64Array(2) }))).toThrow('model.thing holds a BigInt64Array')
    expect(stepOf(m => Object.assign(m, { thing: new Date(0) }))).toThrow('model.thing holds a Date')
    const later = { by: [0] as unknown[] }
    const put = (m: Hill) => m.ants.at(1)?.ask('news', later, 'step')
    expect(
      stepOf(m => {
        put(m)
        later.by.push(new Trail())
      }),
    ).toThrow('request "news".payload.by[1] holds a Trail')
  })

  it('is found in what an event carries, be it the last of many', () => {
    const later: unknown[] = []
    const put = (m: Hill) => {
      for (let i = 0; i < 20; i++) m.ants.at(0)?.after(9 + i, 'hear', i)
      m.ants.at(1)?.after(50, 'hear', later)
      later.push(new Trail())
    }
    expect(stepOf(put)).toThrow('event "hear".payload[0] holds a Trail')
  })

  it('is found in the middle of a large population after some looks', () => {
    const sim = simulate(of(Hill))
    sim.model.spawn(40, Ant)
    Object.assign(sim.model.ants.at(26) as Ant, { load: new Trail() })
    expect(() => sim.run({ steps: 64 })).toThrow('Ant-26.load holds a Trail')
  })

  it('is found at the end of a list, and below objects without a prototype', () => {
    const list = [...Array(101).keys(), new Trail()]
    expect(stepOf(m => Object.assign(m, { thing: list }))).toThrow('model.thing[101] holds a Trail')
    const bare = Object.assign(Object.create(null), { trail: new Trail() })
    expect(stepOf(m => Object.assign(m, { thing: bare }))).toThrow('model.thing.trail holds a Trail')
  })

  it('is found later too, in samples at steps that are powers of two', () => {
    const sim = simulate(of(Hill))
    sim.run({ steps: 5 })
    Object.assign(sim.model, { thing: new Trail() })
    expect(sim.run({ steps: 2 })).toBe(2)
    expect(() => sim.step()).toThrow('model.thing holds a Trail')
  })

  it('is looked for in a bounded number of values', () => {
    let read = 0
    const watched = new Proxy({ x: 1 }, { get: (target, key) => (key === 'x' ? ++read : Reflect.get(target, key)) })
    const sim = simulate(of(Hill))
    sim.model.thing = Array.from({ length: 3_000 }, () => [
      watched,
      new Set([1]),
      { watched: Array.from({ length: 30 }, () => ({})) },
    ])
    sim.model.spawn(2_000, Ant, () => ({ load: [watched] }))
    sim.step()
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(3_000)
  })

  it('leaves sets, agents, the model and shared objects alone', () => {
    const sim = simulate(of(Hill))
    const shared = { of: sim.model, all: sim.model.ants, some: sim.model.ants.sample(2), one: sim.model.ants.at(0) }
    Object.assign(sim.model, { thing: [shared, shared] })
    Object.assign(sim.model.ants.at(2) as Ant, { load: [shared, new Float64Array(3), undefined, null, -0] })
    expect(sim.run({ steps: 4 })).toBe(4)
  })
})

describe('with checkResume', () => {
  const Dug = topic<{ readonly n: number }>('saved-early-dug', { fact: true })
  let outside = 0
  class Forgetful extends Hill {
    dug = 0
    override step(): void {
      super.step()
      outside += 1
      this.dug += outside
    }
  }

  it('D3: a run that keeps state outside its fields is stopped after a few steps, and told where it differs', () => {
    const run = () => simulate(of(Forgetful), { checkResume: true }).run({ steps: 10 })
    expect(run).toThrow(OperatorError)
    expect(run).toThrow(
      'the checkpoint of step 0, resumed and run to step 2: expected the same state as in the run, got "a difference in model.dug"',
    )
    expect(() => simulate(of(Forgetful)).run({ steps: 10 })).not.toThrow()
  })

  it('D3: looks again after eight steps, since a run may begin to forget later', () => {
    class Late extends Forgetful {
      override step(): void {
        outside += 1
        if (this.steps > 9) this.dug += outside
      }
    }
    expect(() => simulate(of(Late), { checkResume: true }).run({ steps: 20 })).toThrow('of step 8, resumed and run to step 18')
  })

  it('D3: counts from where a resumed run began', () => {
    const checkpoint = simulate(of(Forgetful))
    checkpoint.run({ steps: 5 })
    const resumed = resume(of(Forgetful), checkpoint.save(), { checkResume: true })
    expect(() => resumed.run({ steps: 10 })).toThrow('the checkpoint of step 5, resumed and run to step 7')
  })

  it('D3: messages that differ are told too', () => {
    let told = 0
    class Teller extends Hill {
      override step(): void {
        this.publish(Dug, { n: told++ })
      }
    }
    expect(() => simulate(of(Teller), { checkResume: true }).run({ steps: 10 })).toThrow('a difference in the messages')
  })

  it('D3: what a resume throws is told', () => {
    class Late extends Ant {
      static readonly type = 'Late'
    }
    class Wild extends Hill {
      override step(): void {
        if (this.steps === 1) this.spawn(Late)
      }
    }
    expect(() => simulate(of(Wild), { checkResume: true }).run({ steps: 10 })).toThrow(
      'the checkpoint of step 1, resumed in memory, failed: checkpoint holds agents of type "Late", which the scenario does not declare',
    )
  })

  it('D3: compares at the end of a short run, and changes nothing in one that resumes well', () => {
    const short = simulate(of(Forgetful), { checkResume: true })
    short.step()
    expect(() => short.finish()).toThrow('resumed and run to step 1')
    const digest = (checkResume: boolean) => {
      const sim = simulate(of(Hill), { seed: 2, checkResume })
      sim.run({ steps: 20 })
      sim.finish()
      return sim.digest
    }
    expect(digest(true)).toBe(digest(false))
  })
})
