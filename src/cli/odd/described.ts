/** What a model at its start tells of itself: its types, their fields, its spaces and streams, and its own code. */

import { codeOf } from '../../core/index.js'
import { Agent, Model, type Simulation } from '../../model/index.js'
import { Layer } from '../../space/index.js'
import { describeSpace, fieldsOf } from '../../view/index.js'

export interface DescribedType {
  readonly name: string
  /** At the start. */
  readonly count: number
  readonly variables: readonly DescribedVariable[]
  /** The source of its `step`, or undefined where it has none of its own. */
  readonly step: string | undefined
}

export interface DescribedVariable {
  readonly name: string
  readonly kind: string
  /** `0 … 5`, or a few of its values. */
  readonly atStart: string
}

/** Agents of a type that are looked at. */
const looked = 10_000
/** Values of a text that are named. */
const named = 4

export function describedTypes({ model }: Simulation): DescribedType[] {
  const types = model.agents.groupBy(({ type }) => type)
  return [...types].map(([name, agents]) => {
    const rows = agents.toArray().slice(0, looked)
    const fields = rows.map(fieldsOf)
    const names = [...new Set(fields.flatMap(Object.keys))]
    return {
      name,
      count: agents.size,
      variables: names.map(field =>
        variable(
          field,
          fields.map(row => row[field]),
        ),
      ),
      step: ownStep(rows[0]),
    }
  })
}

function variable(name: string, all: readonly unknown[]): DescribedVariable {
  const values = all.filter(value => value !== undefined && value !== null)
  const numbers = values.filter(value => typeof value === 'number')
  if (values.length > 0 && numbers.length === values.length) {
    const [least, most] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))]
    const kind = numbers.every(Number.isInteger) ? 'whole number' : 'number'
    return { name, kind, atStart: least === most ? shortNumber(least) : `${shortNumber(least)} … ${shortNumber(most)}` }
  }
  const different = [...new Set(values.map(String))]
  const shown = different.slice(0, named).join(', ')
  const kind = values.length === 0 ? 'not set' : values.every(value => typeof value === 'boolean') ? 'true or false' : 'text'
  return { name, kind, atStart: different.length > named ? `${shown}, …` : shown }
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}

/** Fields of the model that are spaces, or values over one. */
export function describedSpaces(model: Model): string[] {
  return Object.entries(model).flatMap(([name, value]) => {
    if (value instanceof Layer) return [`\`${name}\`: a layer of values over the cells of a grid`]
    const space = describeSpace(value)
    if (space.kind === 'none') return []
    if (space.kind === 'network') return [`\`${name}\`: a ${space.directed ? 'directed ' : ''}network of ${space.nodes} nodes`]
    if (space.kind === 'plane') return [`\`${name}\`: a plane, ${space.width} × ${space.height}`]
    return [`\`${name}\`: a grid of ${space.width} × ${space.height} ${space.kind === 'hex' ? 'hexagons' : 'cells'}`]
  })
}

/** The classes of an object, the most special first, without those of the framework. */
function* ownClasses(object: object): Iterable<object> {
  for (let at = Object.getPrototypeOf(object); at && !basic.has(at); at = Object.getPrototypeOf(at)) yield at
}

const basic = new Set<unknown>([Object.prototype, Agent.prototype, Model.prototype])

/** The method as the nearest of its own classes has it, unless it does nothing. */
export function sourceOf(object: object | undefined, method: string): string | undefined {
  for (const at of object === undefined ? [] : ownClasses(object)) {
    const own = Object.getOwnPropertyDescriptor(at, method)?.value as unknown
    if (typeof own !== 'function') continue
    const code = dedented(String(own))
    return code.replace(/^[^{]*\{\s*|\s*\}$/g, '') === '' ? undefined : code
  }
  return undefined
}

/** Names of the methods of all its own classes. */
export function methodsOf(object: object): string[] {
  return [...new Set([...ownClasses(object)].flatMap(at => Object.getOwnPropertyNames(at)))]
}

const ownStep = (agent: Agent | undefined) => sourceOf(agent, 'step')

/** A method stands indented in its class. */
function dedented(code: string): string {
  const [first = '', ...rest] = code.split('\n')
  const indents = rest.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length)
  const least = indents.length === 0 ? 0 : Math.min(...indents)
  return [first, ...rest.map(line => line.slice(least))].join('\n')
}

/** Where the code of the model and of its agents draws chance from. */
export function describedStreams({ model }: Simulation): string[] {
  const ofAgents = textsOf(model.agents)
  const ofModel = textsOf([model])
  const code = (texts: readonly string[]) => texts.map(codeOf).join('\n')
  const texts = [...ofModel, ...ofAgents]
  const names = texts.flatMap(text => [...text.matchAll(/\.stream\((['"`])([^'"`]+)\1/g)].map(([, , name = '']) => name))
  const draws = /\b(shuffle|random|sample|walk\b|placeRandomly|placeOnEmpty|moveToEmpty)/
  return [
    ...(/\brng\b/.test(code(ofAgents)) ? ['each agent from a stream of its own, which no other draw shifts'] : []),
    ...(draws.test(code(texts)) || /\brng\b/.test(code(ofModel))
      ? ['orders, samples and random places from the stream of the model']
      : []),
    ...[...new Set(names)].map(name => `the stream \`${name}\``),
  ]
}

/** The source of each class that is there. */
function textsOf(objects: Iterable<object>): string[] {
  const kinds = new Set<unknown>()
  for (const object of objects) for (const at of ownClasses(object)) kinds.add(at.constructor)
  return [...kinds].map(String)
}
