import {
  Agent,
  type Cell,
  defineScenario,
  Model,
  type Reporter,
  resume,
  rowsOf,
  type Sink,
  simulate,
  type Table,
  TransientError,
  topic,
  z,
} from 'mycelia'
import { describe, expect, it } from 'vitest'
import { collectorLimits } from '../../src/model/index.js'

const Sold = topic<{ readonly what: string; readonly price: number }>('collector-sold')
const params = z.object({ cows: z.number().int().default(3) })

class Cow extends Agent<Farm> {
  milk = 0
  tags = ['a']
  override step(): void {
    this.milk += this.rng.int(10)
    if (this.milk > 20) this.publish(Sold, { what: this.key, price: this.milk })
  }
}

class Hen extends Agent<Farm> {}
class Dog extends Agent<Farm> {}

class Farm extends Model<typeof params> {
  cows = this.agentsOf(Cow)
  override setup(): void {
    this.spawn(this.params.cows, Cow)
  }
  override step(): void {
    this.cows.shuffleDo(c => c.step())
    if (this.steps === 4) this.spawn(2, Hen)
    if (this.steps === 6) this.cows.at(0)?.remove()
  }
}

const base = { title: 'Farm', model: Farm, params, agents: { Cow, Hen, Dog } }
const farm = defineScenario({
  ...base,
  collect: {
    model: { milk: m => m.cows.sum(c => c.milk), news: { type: 'text', read: m => (m.steps === 2 ? 'two' : null) } },
    agents: {
      Cow: { milk: c => c.milk },
      Hen: { columns: { here: { type: 'boolean', read: () => true } }, every: 2, when: m => m.steps < 8 },
    },
    messages: { sales: rowsOf({ topics: [Sold], columns: { what: { type: 'text', read: s => s.what }, price: s => s.price } }) },
  },
})

/** Keeps the rows it is given, as storage does. */
class Shelf implements Sink {
  rows: Record<string, Cell>[] = []
  batches: number[] = []
  write(table: Table): void {
    this.batches.push(table.length)
    this.rows.push(...table.toRows().map(row => ({ table: table.name, ...row })))
  }
  position(): unknown {
    return this.rows.length
  }
  truncate(position: unknown): void {
    this.rows.length = position as number
  }
  close(): void {}
  of(table: string): Record<string, Cell>[] {
    return this.rows.filter(row => row.table === table).map(({ table: _, ...row }) => row)
  }
}

describe('the collector', () => {
  it('writes a row a step of the model, and a row an agent and step of a type, from the set-up on', () => {
    const sim = simulate(farm)
    sim.run({ steps: 10 })
    const rows = sim.table('model').toRows()
    expect(rows.map(r => r.step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(rows.map(r => r.news)).toEqual([null, null, 'two', null, null, null, null, null, null, null, null])
    expect(rows.at(-1)?.milk).toBe(sim.model.cows.sum(c => c.milk))
    const cows = sim.table('agents:Cow')
    expect(cows.column('step')).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10])
    expect(cows.column('id').slice(-4)).toEqual([2, 3, 2, 3])
    for (const row of rows) {
      const ofStep = cows.toRows().filter(c => c.step === row.step)
      expect(ofStep.reduce((sum, c) => sum + Number(c.milk), 0)).toBe(row.milk)
    }
  })

  it('begins a market’s tables at its first step, and a resumed run’s where it was', () => {
    const model = { s: (m: Farm) => m.steps }
    const scenario = defineScenario({ ...base, collect: { model } })
    const ticks = [1, 2].map(time => ({ time, step: true, inputs: [] }))
    const source = { next: () => ticks.shift(), save: () => 0, restore: () => {}, describe: () => ({}) }
    const market = simulate(scenario, { source })
    market.run()
    expect(market.table('model').column('s')).toEqual([1, 2])
    const begun = simulate(scenario)
    const again = resume(scenario, begun.save())
    again.run({ steps: 2 })
    expect([begun.table('model').column('s'), again.table('model').column('s')]).toEqual([[0], [0, 1, 2]])
  })

  it('names those there are, also where in one step as many come as go', () => {
    class Trade extends Farm {
      override step(): void {
        this.cows.at(0)?.remove()
        this.spawn(Cow)
      }
    }
    const sim = simulate(
      defineScenario({ ...base, name: 'trade', model: Trade, collect: { agents: { Cow: { milk: c => c.milk } } } }),
    )
    sim.run({ steps: 3 })
    expect(sim.table('agents:Cow').column('id')).toEqual([1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6])
  })

  it('takes a type at its own occasions: every n steps, where a condition holds, from when there are any', () => {
    const sim = simulate(farm)
    sim.run({ steps: 10 })
    expect(sim.table('agents:Hen').toRows()).toEqual([4, 6].flatMap(step => [4, 5].map(id => ({ step, id, here: true }))))
  })

  it('makes a row of each message of a topic', () => {
    const sim = simulate(farm)
    const heard: unknown[] = []
    sim.tap((t, m) => t === Sold && heard.push({ ...(m as object) }))
    sim.run({ steps: 10 })
    expect(heard.length).toBeGreaterThan(3)
    expect(
      sim
        .table('sales')
        .toRows()
        .map(({ step: _, ...row }) => row),
    ).toEqual(heard)
    const steps = sim.table('sales').column('step')
    expect(steps).toEqual([...steps].sort((a, b) => Number(a) - Number(b)))
    expect(Number(steps[0])).toBeGreaterThan(0)
  })

  it('every and when of the whole', () => {
    const sim = simulate(defineScenario({ ...base, collect: { every: 3, when: m => m.steps > 3, model: { s: m => m.steps } } }))
    sim.run({ steps: 12 })
    expect(sim.table('model').column('s')).toEqual([6, 9, 12])
    for (const every of [0, -1, 1.5])
      expect(() => simulate(defineScenario({ ...base, collect: { every, model: {} } }))).toThrow('collect.every')
  })

  it('copies cells and refuses what it could only refer to', () => {
    const collect = { agents: { Cow: { tags: (c: Cow) => c.tags as unknown as number } } }
    expect(() => simulate(defineScenario({ ...base, collect }))).toThrow(
      'column "tags" of table "agents:Cow" at step 0: expected a number or null, got Array',
    )
  })

  it('keeps numbers, NaN, null and what is missing in a bare column', () => {
    const cells = [1, Number.NaN, null, undefined, -0.5]
    const sim = simulate(defineScenario({ ...base, collect: { model: { v: m => cells[m.steps] } } }))
    sim.run({ steps: cells.length - 1 })
    expect(sim.table('model').column('v')).toEqual([1, Number.NaN, null, null, -0.5])
  })

  it.each([
    ['real', 'x', 'a number or null'],
    ['text', 1, 'a text or null'],
    ['integer', 0.5, 'a whole number or null'],
    ['integer', Number.NaN, 'a whole number or null'],
    ['boolean', 1, 'true or false or null'],
    ['time', '2026-01-01', 'a time in whole milliseconds or null'],
  ] as const)('refuses in a column of type %s a cell of another: %s', (type, cell, expected) => {
    const read = (m: Farm) => (m.steps === 3 ? cell : null)
    const model = { v: { type, read } as unknown as Reporter<Farm> }
    const sim = simulate(defineScenario({ ...base, collect: { model } }))
    sim.run({ steps: 2 })
    expect(() => sim.step()).toThrow(`column "v" of table "model" at step 3: expected ${expected}, got `)
  })

  it('refuses null where a column allows none', () => {
    const model = { v: { type: 'text', nullable: false, read: () => undefined } } as const
    expect(() => simulate(defineScenario({ ...base, collect: { model } }))).toThrow(
      'column "v" of table "model" at step 0: expected a text, got null',
    )
  })

  it('makes as many rows of a message as are asked for', () => {
    const rows = rowsOf({
      topics: [Sold],
      rows: s => (s.price > 22 ? [] : [s.price, -s.price]),
      columns: { price: price => price },
    })
    const sim = simulate(defineScenario({ ...base, collect: { messages: { rows } } }))
    const prices: number[] = []
    sim.tap((_, m) => prices.push((m as { price: number }).price))
    sim.run({ steps: 20 })
    expect(prices.some(price => price > 22)).toBe(true)
    expect(sim.table('rows').column('price')).toEqual(prices.filter(p => p <= 22).flatMap(p => [p, -p]))
  })

  it('lists every agent once in the roster, a resume included', () => {
    const scenario = defineScenario({ ...base, name: 'listed', collect: { roster: true } })
    const sim = simulate(scenario)
    sim.run({ steps: 5 })
    const rows = sim.table('roster').toRows()
    expect(rows).toHaveLength(5)
    expect(rows[0]).toEqual({ step: 0, id: 1, key: 'Cow-0', type: 'Cow', ordinal: 0 })
    expect(rows[4]).toEqual({ step: 4, id: 5, key: 'Hen-1', type: 'Hen', ordinal: 1 })
    const again = resume(scenario, sim.save())
    again.run({ steps: 3 })
    expect(again.table('roster').toRows()).toEqual(rows)
  })

  it('refuses two types of agents with one column of two types', () => {
    const agents = { Cow: { x: () => 1 }, Hen: { x: { type: 'text', read: () => 'x' } } } as const
    expect(() => simulate(defineScenario({ ...base, collect: { agents } }))).toThrow(
      'column "x" of table "agents:Hen": expected the type "real", as in table "agents:Cow", got "text". Rename one of the two.',
    )
  })

  it('refuses names that the files of a run give to columns of their own', () => {
    for (const name of ['run_id', 'seed', 'step'])
      expect(() => simulate(defineScenario({ ...base, collect: { model: { [name]: () => 1 } } }))).toThrow(`got "${name}"`)
    expect(() => simulate(defineScenario({ ...base, collect: { agents: { Cow: { type: () => 1 } } } }))).toThrow('got "type"')
  })

  it('refuses a type nobody has, a table that is not there and two columns of one name', () => {
    const wrong = defineScenario({ ...base, collect: { agents: { Cwo: { x: () => 1 } } as object } })
    expect(() => simulate(wrong).step()).toThrow('Unknown agent type in collect "Cwo". Did you mean "Cow"?')
    // @ts-expect-error the compiler knows its tables
    expect(() => simulate(farm).table('modle')).toThrow('Unknown table "modle". Did you mean "model"?')
    const twice = defineScenario({ ...base, collect: { agents: { Cow: { id: c => c.id } } } })
    expect(() => simulate(twice)).toThrow(
      'a column of table "agents:Cow" of collect: expected a name that no other column of the table has, got "id".',
    )
    const rows = rowsOf({ topics: [Sold], columns: { x: () => 1 } })
    expect(() => simulate(defineScenario({ ...base, collect: { model: {}, messages: { model: rows } } }))).toThrow('"model"')
  })
})

describe('reporters only look', () => {
  const digest = (collect: object | undefined) => {
    const sim = simulate(defineScenario(collect === undefined ? base : { ...base, collect }), { seed: 4 })
    sim.run({ steps: 1005 })
    return sim.digest
  }

  it('D4: what a reporter draws from the default stream, or mentions first, changes no digest', () => {
    const silent = digest(undefined)
    expect(digest({ model: { drawn: (m: Farm) => m.cows.sample(2).mean(c => c.milk) + m.rng.float() } })).toBe(silent)
    expect(digest({ model: { drawn: (m: Farm) => m.stream('look').float() } })).toBe(silent)
    expect(digest({ model: { dogs: (m: Farm) => m.agentsOf(Dog).size } })).toBe(silent)
    expect(digest({ model: { n: (m: Farm) => m.agents.shuffled().size }, agents: { Cow: { milk: (c: Cow) => c.milk } } })).toBe(
      silent,
    )
  })

  it('a viewer looks the same way', () => {
    const run = (view: boolean) => {
      const sim = simulate(defineScenario(base), { seed: 4 })
      for (let i = 0; i < 20; i++) {
        sim.step()
        if (view) sim.look(m => [m.agents.shuffled().size, m.agentsOf(Dog).size, m.stream('viewer').float()])
      }
      return sim.digest
    }
    expect(run(true)).toBe(run(false))
    const sim = simulate(defineScenario(base))
    expect(() => sim.look(m => m.spawn(Cow))).toThrow('only look')
    expect(sim.model.spawn(Cow).alive).toBe(true)
  })

  it('a type that a viewer mentions first is born into the model as any other', () => {
    const sim = simulate(defineScenario(base))
    expect(sim.look(m => m.agentsOf(Dog).size)).toBe(0)
    const dogs = sim.model.spawn(2, Dog)
    expect([...sim.model.agents.of(Dog)]).toEqual(dogs)
    expect(dogs.map(dog => dog.key)).toEqual(['Dog-0', 'Dog-1'])
    expect(sim.look(m => m.agentsOf(Dog).size)).toBe(2)
  })

  it('draws the same whatever else is collected', () => {
    const drawn = (also: object) => {
      const collect = { model: { drawn: (m: Farm) => m.rng.float(), ...also } }
      const sim = simulate(defineScenario({ ...base, collect }))
      sim.run({ steps: 5 })
      return sim.table('model').column('drawn')
    }
    expect(new Set(drawn({})).size).toBe(6)
    expect(drawn({ after: (m: Farm) => m.rng.float() })).toEqual(drawn({}))
  })

  it.each([
    ['spawns', (m: Farm) => m.spawn(Cow).id],
    ['removes', (m: Farm) => Number(m.cows.at(0)?.remove())],
    ['plans', (m: Farm) => m.after(1, 'step')],
    ['publishes', (m: Farm) => Number(m.publish(Sold, { what: '', price: 1 }))],
    ['stops the run', (m: Farm) => Number(m.stop('bored'))],
    ['cancels', (m: Farm) => Number(m.cancel(1))],
    ['asks', (m: Farm) => m.cows.at(0)?.ask('x', 1, 'step') ?? 0],
  ])('one that %s is refused', (_, reporter) => {
    const collect = { model: { reporter: (m: Farm) => (m.steps === 1 ? reporter(m) : 0) } }
    const sim = simulate(defineScenario({ ...base, collect }))
    expect(() => sim.step()).toThrow('by a reporter: expected reporters that only look')
  })
})

describe('a sink', () => {
  it('gets nothing before the first step, however many rows the set-up has: it may not be open yet', () => {
    const shelf = new Shelf()
    const sim = simulate(farm, { params: { cows: collectorLimits.rowsPerBatch + 1 }, sink: shelf })
    expect(shelf.rows).toEqual([])
    sim.step()
    expect(shelf.of('agents:Cow')).toHaveLength(2 * (collectorLimits.rowsPerBatch + 1))
  })

  const inMemory = (steps: number) => {
    const sim = simulate(farm, { params: { cows: 500 } })
    sim.run({ steps })
    return sim
  }

  it('gets full batches as they fill, the rest at the end, and in all what memory would have held', () => {
    const shelf = new Shelf()
    const sim = simulate(farm, { params: { cows: 500 }, sink: shelf })
    sim.run({ steps: 40 })
    expect(shelf.batches.length).toBeGreaterThan(3)
    for (const n of shelf.batches) {
      expect(n).toBeGreaterThanOrEqual(collectorLimits.rowsPerBatch)
      expect(n).toBeLessThan(collectorLimits.rowsPerBatch + 1000)
    }
    expect(sim.tables.get('agents:Cow')?.length).toBeLessThan(collectorLimits.rowsPerBatch)
    sim.flush()
    const whole = inMemory(40)
    for (const name of ['model', 'agents:Cow', 'agents:Hen', 'sales']) expect(shelf.of(name)).toEqual(whole.table(name).toRows())
  })

  it('after a crash drops the rows of after the checkpoint, and ends with those of an uninterrupted run', () => {
    const shelf = new Shelf()
    const first = simulate(farm, { params: { cows: 500 }, sink: shelf })
    first.run({ steps: 17 })
    const saved = first.save()
    first.run({ steps: 9 })
    first.flush()
    const second = resume(farm, saved, { sink: shelf })
    second.run({ steps: 23 })
    second.flush()
    const whole = inMemory(40)
    for (const name of ['model', 'agents:Cow', 'agents:Hen', 'sales']) expect(shelf.of(name)).toEqual(whole.table(name).toRows())
    expect(second.digest).toBe(whole.digest)
  })

  it('that fails stops the run with its own error, and no agent is blamed for it', () => {
    class Full extends Shelf {
      override write(): void {
        throw new TransientError('the disk is full')
      }
    }
    class Forgiving extends Farm {
      override onAgentFailure(): 'quarantine' {
        return 'quarantine'
      }
      override step(): void {
        for (let i = 0; i < 50; i++) this.cows.do(c => c.step())
      }
    }
    const scenario = defineScenario({ ...farm, model: Forgiving, params })
    const sim = simulate(scenario, { params: { cows: 100 }, sink: new Full() })
    expect(() => sim.run({ steps: 50 })).toThrow(TransientError)
    expect(sim.quarantined).toEqual([])
  })

  it('nor for a reporter of messages that throws', () => {
    const rows = rowsOf({
      topics: [Sold],
      columns: {
        x: () => {
          throw new Error('a mistake in a reporter')
        },
      },
    })
    class Forgiving extends Farm {
      override onAgentFailure(): 'quarantine' {
        return 'quarantine'
      }
    }
    const sim = simulate(defineScenario({ ...base, model: Forgiving, params, collect: { messages: { rows } } }))
    expect(() => sim.run({ steps: 30 })).toThrow('a mistake in a reporter')
    expect(sim.quarantined).toEqual([])
  })
})
