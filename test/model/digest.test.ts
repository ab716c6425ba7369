import { createHash } from 'node:crypto'
import { Agent, defineScenario, Model, NotSaveable, resume, type Source, type SourceTick, simulate, topic, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { ByteWriter, canonicalJson, writeFact } from '../../src/core/index.js'

interface Verdict {
  readonly n: number
}
const Verdicts = topic<Verdict>('digest-verdict', { fact: true })
const Partly = topic<{ readonly n: number; readonly why: string }>('digest-partly', { fact: m => m.n })
const Chatter = topic<Verdict>('digest-chatter')
const params = z.object({ loud: z.boolean().default(true), setup: z.boolean().default(false), level: z.number().default(1) })

class Judge extends Agent<Court> {
  count = 0
}

class Court extends Model<typeof params> {
  judges = this.agentsOf(Judge)
  override setup(): void {
    this.spawn(2, Judge)
    if (this.params.setup) this.publish(Verdicts, { n: -1 })
  }
  override step(): void {
    this.publish(Chatter, { n: this.steps })
    if (this.params.loud && this.steps % 3 === 0) for (const n of [1, 2]) this.publish(Verdicts, { n: n * this.params.level })
    this.judges.do(j => j.count++)
  }
}

const court = defineScenario({ title: 'Court', model: Court, params, agents: { Judge } })
const started = (given: Record<string, unknown> = {}, seed: number | string = 1) => simulate(court, { seed, params: given })
const ran = (steps: number, given: Record<string, unknown> = {}, seed: number | string = 1) => {
  const sim = started(given, seed)
  sim.run({ steps })
  return sim
}
const sha = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}
const timeAndFacts = (time: number, ...facts: [string, unknown][]) => {
  const out = new ByteWriter()
  out.f64(time)
  for (const [name, fact] of facts) {
    out.text(name)
    writeFact(out, fact)
  }
  return out.copy()
}

describe('the chain of a digest', () => {
  it('h(0) is the SHA-256 of the canonical JSON of scenario, parameters, seed and market files', () => {
    const identity = { market: ['ab'], parameters: { level: 1, loud: true, setup: false }, scenario: 'court', seed: 7 }
    const sim = simulate(court, { seed: 7, inputDigests: ['ab'] })
    expect(sim.chainValue).toEqual(sha(new TextEncoder().encode(canonicalJson(identity))))
    expect(simulate(court, { seed: 7, inputDigests: ['ac'] }).chainValue).not.toEqual(sim.chainValue)
    expect(simulate(court, { seed: '7', inputDigests: ['ab'] }).chainValue).not.toEqual(sim.chainValue)
  })

  it('h(k) = SHA-256(h(k−1) ‖ time ‖ facts in order); a tick without facts is not hashed', () => {
    const sim = started()
    const h0 = sim.chainValue
    sim.run({ steps: 2 })
    expect(sim.chainValue).toEqual(h0)
    sim.step()
    const h1 = sha(h0, timeAndFacts(3, ['digest-verdict', { n: 1 }], ['digest-verdict', { n: 2 }]))
    expect(sim.chainValue).toEqual(h1)
    sim.run({ steps: 3 })
    expect(sim.chainValue).toEqual(sha(h1, timeAndFacts(6, ['digest-verdict', { n: 1 }], ['digest-verdict', { n: 2 }])))
  })

  it('every topic of facts counts, whoever publishes and when: a run that lacks one message has another digest', () => {
    const Family = topic<Verdict>('digest-all-family', { fact: true })
    const facts = [
      topic<Verdict>('digest-all-plain', { fact: true }),
      topic<Verdict>('digest-all-part', { fact: m => [m.n] }),
      Family,
    ]
    const topics = [...facts, Family.at('a'), Family.at('b'), Chatter]
    const moments = ['setup', 'event', 'step', 'agent', 'finish']
    let left = ''
    class Speaker extends Agent<All> {
      override step(): void {
        this.model.say('agent', this)
      }
    }
    class All extends Model {
      override setup(): void {
        this.spawn(1, Speaker)
        this.say('setup')
        this.after(0.5, 'say', 'event')
      }
      override step(): void {
        this.say('step')
        this.agentsOf(Speaker).do(s => s.step())
      }
      override finish(): void {
        this.say('finish')
      }
      say(moment: string, from: All | Speaker = this): void {
        for (const each of topics) if (left !== `${each.name} ${moment}`) from.publish(each, { n: 1 })
      }
    }
    const all = defineScenario({ title: 'All', model: All, params: z.object({}), agents: { Speaker } })
    const chainWithout = (message: string) => {
      left = message
      const sim = simulate(all)
      sim.step()
      sim.finish()
      return String(sim.chainValue)
    }
    const whole = chainWithout('')
    const factual = topics.filter(each => each !== Chatter).flatMap(each => moments.map(moment => `${each.name} ${moment}`))
    expect(new Set([whole, ...factual.map(chainWithout)]).size).toBe(1 + factual.length)
    expect(chainWithout(`${Chatter.name} step`)).toBe(whole)
  })

  it('facts of the set-up are hashed, and a checkpoint before the first step keeps them', () => {
    const sim = started({ setup: true })
    const h0 = sha(
      new TextEncoder().encode(
        canonicalJson({ ...{ market: [], scenario: 'court', seed: 1 }, parameters: { level: 1, loud: true, setup: true } }),
      ),
    )
    expect(sim.chainValue).toEqual(sha(h0, timeAndFacts(0, ['digest-verdict', { n: -1 }])))
    const twin = resume(court, sim.save())
    for (const s of [sim, twin]) s.run({ steps: 10 })
    expect(twin.digest).toBe(sim.digest)
  })

  it('messages of other topics, and what a topic says was not decided, are not in it', () => {
    const silent = ran(5, { loud: false })
    expect(silent.chainValue).toEqual(started({ loud: false }).chainValue)
    const told = (why: string) => {
      const sim = started()
      sim.model.publish(Partly, { n: 4, why })
      sim.step()
      return sim.chainValue
    }
    expect(told('x')).toEqual(told('y'))
    expect(told('x')).toEqual(sha(started().chainValue, timeAndFacts(1, ['digest-partly', 4])))
  })

  it('facts that differ by a digit, by order or by type differ', () => {
    const chain = (...facts: unknown[]) => {
      const sim = started()
      for (const f of facts) sim.model.publish(Verdicts, f as Verdict)
      sim.step()
      return Buffer.from(sim.chainValue).toString('hex')
    }
    const all = [
      [{ n: 1 }],
      [{ n: 1.0000000000000002 }],
      [{ n: '1' }],
      [{ n: 1 }, { n: 2 }],
      [{ n: 2 }, { n: 1 }],
      [{ n: null }],
      [{ n: Number.NaN }],
      [{ n: undefined }],
      [{}],
    ]
    expect(new Set(all.map(f => chain(...f))).size).toBe(all.length)
    expect(chain({ n: 0 })).toBe(chain({ n: -0 }))
  })

  it('every 1,000 steps the state joins, which covers models without topics', () => {
    const quiet = { loud: false }
    expect(ran(999, quiet).chainValue).toEqual(started(quiet).chainValue)
    const whole = ran(1000, quiet)
    expect(whole.chainValue).not.toEqual(started(quiet).chainValue)
    const touched = started(quiet)
    touched.run({ steps: 500 })
    ;(touched.model.judges.at(0) as Judge).count += 0.5
    touched.run({ steps: 500 })
    expect(touched.chainValue).not.toEqual(whole.chainValue)
  })

  it('facts are plain data: a Map, an agent or a function in one is refused, naming it', () => {
    for (const [fact, named] of [
      [new Map(), 'a Map'],
      [() => 1, 'a function'],
      [new Float64Array(1), 'a Float64Array'],
    ] as const) {
      const sim = started()
      expect(() => sim.model.publish(Verdicts, { n: fact as never })).toThrow(NotSaveable)
      expect(() => sim.model.publish(Verdicts, { n: fact as never })).toThrow(named)
    }
    const sim = started()
    expect(() => sim.model.publish(Verdicts, { n: sim.model.judges.at(0) as never })).toThrow('A fact holds a Judge')
  })
})

describe('the reported digest', () => {
  it('has the present state in it', () => {
    const [a, b] = [ran(10), ran(10)]
    expect(a.digest).toBe(b.digest)
    ;(b.model.judges.at(1) as Judge).count++
    expect(a.digest).not.toBe(b.digest)
    expect(a.chainValue).toEqual(b.chainValue)
  })

  it('looking changes nothing: digest, checkpoint, taps, tables and counters read at every step', () => {
    const looked = started()
    const texts = new Set<string>()
    looked.tap(() => texts.size)
    for (let i = 0; i < 1100; i++) {
      looked.step()
      if (i % 50 === 0) texts.add(looked.digest)
      if (i % 100 === 0) looked.save()
      void [looked.counters, looked.quarantined, looked.tables, looked.model.agents.size, looked.finished]
    }
    expect(texts.size).toBe(22)
    expect(looked.digest).toBe(ran(1100).digest)
  })

  it('depends on seed and parameters', () => {
    const all = [ran(5).digest, ran(5, {}, 2).digest, ran(5, { level: 2 }).digest, ran(5, {}, 'one').digest]
    expect(new Set(all).size).toBe(4)
  })

  it('what `finish` decides joins it', () => {
    class Closing extends Court {
      override finish(): void {
        this.publish(Verdicts, { n: 99 })
      }
    }
    const sim = simulate(defineScenario({ title: 'Closing', model: Closing, params, agents: { Judge } }))
    sim.run({ steps: 2 })
    const before = sim.chainValue
    sim.finish()
    expect(sim.chainValue).toEqual(sha(before, timeAndFacts(2, ['digest-verdict', { n: 99 }])))
  })
})

describe('ticks', () => {
  it('inputs come one by one, then due events, then the step; messages drain after each', () => {
    class Inbox extends Model {
      log: string[] = []
      override wire(): void {
        this.on(Chatter, ({ n }) => this.log.push(`heard ${n}`))
      }
      override receive(input: { kind: string }): void {
        this.log.push(input.kind)
        this.publish(Chatter, { n: this.log.length })
      }
      override setup(): void {
        this.at(5, 'due')
      }
      due(): void {
        this.log.push('due')
        this.publish(Chatter, { n: 0 })
      }
      override step(): void {
        this.log.push('step')
      }
    }
    const ticks: SourceTick[] = [
      { time: 3, step: false, inputs: [{ kind: 'a' }] },
      { time: 5, step: true, inputs: [{ kind: 'b' }, { kind: 'c' }] },
    ]
    const source: Source = { next: () => ticks.shift(), save: () => 0, restore: () => {}, describe: () => ({}) }
    const sim = simulate(defineScenario({ title: 'Inbox', model: Inbox, params: z.object({}) }), { source })
    expect(sim.run()).toBe(1)
    expect(sim.model.log).toEqual(['a', 'heard 1', 'b', 'heard 3', 'c', 'heard 5', 'due', 'heard 0', 'step'])
    expect([sim.finished, sim.endReason, sim.step()]).toEqual([true, 'end of data', false])
  })

  it('stop ends the run after its step, and is remembered by a checkpoint', () => {
    class Short extends Court {
      override step(): void {
        if (this.steps === 4) this.stop('enough')
      }
    }
    const short = defineScenario({ title: 'Short', model: Short, params, agents: { Judge } })
    const sim = simulate(short)
    expect([sim.run({ steps: 100 }), sim.endReason, sim.step()]).toEqual([4, 'enough', false])
    const twin = resume(short, sim.save())
    expect([twin.finished, twin.endReason, twin.run({ steps: 5 })]).toEqual([true, 'enough', 0])
  })
})
