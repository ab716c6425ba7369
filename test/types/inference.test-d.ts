/** What is inferred: parameters, payloads, tables. Each line under an `@ts-expect-error` fails the type check the day it is accepted. */

import {
  Agent,
  defineScenario,
  type GivenParameters,
  Layer,
  Model,
  type Network,
  resume,
  rowsOf,
  type Scenario,
  type SimulateOptions,
  type Simulation,
  type SquareGrid,
  simulate,
  type Table,
  topic,
  z,
} from 'mycelia'

const Sold = topic<{ readonly what: 'milk' | 'eggs'; readonly price: number }>('types-sold')
const params = z.object({
  cows: z.number(),
  mood: z.enum(['calm', 'wild']).default('calm'),
  prices: z.array(z.number()).default([]),
})

/** A payload that a method's parameter types, down to the literals in it. */
interface Order {
  readonly what: 'milk' | 'eggs'
  readonly parts: number[]
}

class Cow extends Agent<Farm> {
  milk = 1
  friend: Cow | undefined
  // A field that a call of `after` initialises says its type: it is a part of the class that the call looks at.
  handle: number = this.after(1, 'moo')
  moo(): void {}
  give(litres: number): void {
    this.milk -= litres
  }
  order(order: Order): void {
    void order
  }
  meet(friend?: Cow): void {
    this.friend = friend
  }
  note(thing: unknown): void {
    void thing
  }
  two(a: number, b: number): void {
    void [a, b]
  }
  /** A method whose result is inferred may plan itself. */
  again(n: number) {
    return this.after(1, 'again', n + 1)
  }
  private hidden(): void {}
  protected kept(): void {
    this.hidden()
  }
  override step(): void {
    this.after(1, 'moo')
    this.after(1, 'moo', undefined, -1)
    this.at(1, 'give', 2)
    this.at(1, 'give', 2, -1)
    this.every(1, 'order', { what: 'milk', parts: [1, 2] })
    this.after(1, 'meet')
    this.after(1, 'meet', this)
    this.after(1, 'note', ['anything'])
    this.ask('price', { what: 'milk' }, 'give')
    // @ts-expect-error a method without a parameter takes no payload
    this.after(1, 'moo', 3)
    // @ts-expect-error a text is no number
    this.after(1, 'give', '2')
    // @ts-expect-error nor at a time
    this.at(1, 'give', '2')
    // @ts-expect-error nor at every one
    this.every(1, 'give', '2')
    // @ts-expect-error nobody sells wool
    this.after(1, 'order', { what: 'wool', parts: [] })
    // @ts-expect-error a number is no cow
    this.after(1, 'meet', 3)
    // @ts-expect-error a field is no method
    this.after(1, 'milk')
    // @ts-expect-error nor can it take an answer
    this.ask('price', {}, 'milk')
    // @ts-expect-error an event has one payload
    this.after(1, 'two', 1)
    // @ts-expect-error an answer is one payload
    this.ask('price', {}, 'two')
    // @ts-expect-error a private method cannot be named
    this.after(1, 'hidden')
    // @ts-expect-error nor a protected one
    this.after(1, 'kept')
    // @ts-expect-error a priority is a number
    this.after(1, 'give', 2, 'first')
  }
}

class Hen extends Agent<Farm> {
  eggs = 1
}

class Farm extends Model<typeof params> {
  cows = this.agentsOf(Cow)
  open = true
  close(reason: string): void {
    this.stop(reason)
  }
  override setup(): void {
    this.after(3, 'close', 'night')
    this.at(3, 'step')
    this.every(2, 'close', 'noon', 1)
    this.cows.at(0)?.after(1, 'give', 1)
    const first = this.spawn(Cow)
    first.at(2, 'order', { what: 'eggs', parts: [] })
    // @ts-expect-error the reason is a text
    this.after(3, 'close', 3)
    // @ts-expect-error a step takes no payload
    this.every(3, 'step', 3)
    // @ts-expect-error a field is no method
    this.at(3, 'open')
    // @ts-expect-error no such method
    this.at(3, 'clsoe', 'night')
    // @ts-expect-error the cow gives numbers from outside, too
    first.after(1, 'give', 'much')
  }
}

/** An agent of a type still open is typed as far as its base. */
export function tell<A extends Cow>(cow: A): void {
  cow.after(1, 'give', 2)
  // @ts-expect-error a text is no number
  cow.after(1, 'give', '2')
}

export const farm = defineScenario({
  title: 'Farm',
  model: Farm,
  params,
  agents: { Cow, Hen },
  collect: {
    model: { cows: m => m.cows.size, best: { type: 'text', read: m => m.cows.at(0)?.key } },
    agents: {
      Cow: { milk: c => c.milk, happy: { type: 'boolean', read: c => c.milk > 0 } },
      Hen: { columns: { eggs: h => h.eggs }, every: 2, when: m => m.open },
    },
    messages: {
      sales: rowsOf({ topics: [Sold], columns: { what: { type: 'text', read: s => s.what }, price: s => s.price } }),
      halves: rowsOf({ topics: [Sold], rows: s => [s.price / 2], columns: { half: half => half } }),
    },
    roster: true,
  },
})

// The parameters are those of the schema: what has a default may be left out.
simulate(farm, { params: { cows: 3 } })
simulate(farm, { params: { cows: 3, mood: 'wild', prices: [1] } })
// @ts-expect-error no such parameter
simulate(farm, { params: { cows: 3, cwos: 3 } })
// @ts-expect-error a text is no number
simulate(farm, { params: { cows: 'many' } })
// @ts-expect-error nobody is angry
simulate(farm, { params: { cows: 3, mood: 'angry' } })
// @ts-expect-error what has no default is given
simulate(farm, { params: { mood: 'wild' } })

/** Where a scenario is not known, its parameters are what they are. */
export function anyOf(scenario: Scenario, given: Record<string, unknown>, options: SimulateOptions): void {
  simulate(scenario, { params: given })
  simulate(scenario, options)
}
export function typed<M extends Model, P extends z.ZodType>(scenario: Scenario<M, P>, given: GivenParameters<P>): M {
  return simulate(scenario, { params: given }).model
}
typed(farm, { cows: 1 })
// @ts-expect-error a helper's parameters are the scenario's, too
typed(farm, { cows: '1' })

// A resume is of the same model and the same tables, and has the parameters that it had.
const first = simulate(farm, { params: { cows: 3 } })
export const sim: Simulation<Farm> = first
export const second = resume(farm, first.save())
export const litres: number[] = second.table('agents:Cow').column('milk')
// @ts-expect-error the checkpoint knows them
resume(farm, first.save(), { params: { cows: 3 } })

first.run({ until: m => m.cows.size > 3, onStep: m => m.cows.size })
// @ts-expect-error the model has no such field
first.run({ until: m => m.cwos.size > 3 })

// Tables, their columns and their rows.
export const cows: number[] = first.table('model').column('cows')
export const best: (string | null)[] = first.table('model').column('best')
export const happy: boolean[] = first.table('agents:Cow').column('happy')
export const what: ('milk' | 'eggs')[] = first.table('sales').column('what')
export const half: number[] = first.table('halves').column('half')
export const keys: string[] = first.table('roster').column('key')
export const rows: { step: number; id: number; eggs: number }[] = first.table('agents:Hen').toRows()
// @ts-expect-error no such table
first.table('modle')
// @ts-expect-error no such type
first.table('agents:Cwo')
// @ts-expect-error no such column
first.table('model').column('cwos')
// @ts-expect-error an occasion is no column
first.table('agents:Hen').column('every')
// @ts-expect-error a text may be missing
export const surely: string[] = first.table('model').column('best')
// @ts-expect-error a row has no such cell
first.table('sales').toRows()[0]?.profit

/** A name known at run time alone is of any table. */
export function any(name: string): Table {
  return first.table(name)
}

// A scenario without a record of agents, or collected by what is not known, has any table.
export const loose: Table = simulate(defineScenario({ title: 'Loose', model: Farm, params }), { params: { cows: 1 } }).table('x')

defineScenario({
  title: 'Farm',
  model: Farm,
  params,
  agents: { Cow, Hen },
  collect: {
    agents: {
      Cow: { milk: c => c.milk },
      // @ts-expect-error one type too many, beside one that there is
      Hne: { eggs: () => 1 },
    },
  },
})
// @ts-expect-error no such part of a collect
defineScenario({ title: 'Farm', model: Farm, params, collect: { modle: {} } })

/** The number of a cell is none of a node; a plain number is either. */
export function places(cow: Cow, layer: Layer, grid: SquareGrid<Cow>, network: Network<Cow>): void {
  grid.place(cow, 0)
  network.place(cow, 0)
  grid.move(cow, grid.cellOf(cow) + 1)
  network.move(cow, network.nodesAround(network.cellOf(cow))[0] ?? 0)
  layer.set(grid.randomCell(), 1)
  const cells: number[] = grid.cellsAround(grid.cell(1, 2))
  for (const cell of cells) layer.add(cell, grid.distance(cell, 0))
  grid.cellsAround(0, 1, cells)
  let here = grid.randomEmptyCell()
  here += 1
  if (here === 3) here = 4
  // @ts-expect-error a node is no cell
  grid.move(cow, network.randomNode())
  // @ts-expect-error nor is a neighbour
  grid.countAt(network.nodesAround(0)[0] ?? 0)
  // @ts-expect-error a cell is no node
  network.place(cow, grid.randomCell())
  // @ts-expect-error nor an end of an edge
  network.addEdge(0, grid.cellOf(cow))
  // @ts-expect-error a layer has a value a cell
  layer.get(network.cellOf(cow))
  // @ts-expect-error a network has no lattice to lay a layer on
  new Layer(network)
}
