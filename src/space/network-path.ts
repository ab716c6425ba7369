/** The cheapest way over a network: what an edge costs. */

import { OperatorError } from '../core/index.js'
import type { Attributes } from './attributes.js'
import type { Ways } from './path-search.js'
import type { NodeNumber } from './place-number.js'

/** What an edge weighs: the name of an attribute that every edge has, or a function of it. */
export type EdgeWeight = string | ((attributes: Attributes, from: NodeNumber, to: NodeNumber) => number)

/** How `network.path` goes. */
export interface NetworkPathOptions {
  /** What it costs to pass an edge, ≥ 0; default 1. Infinity is an edge that is not passed. */
  weight?: EdgeWeight
  /** At least what the way from a node to the goal costs: the straight line of a road network. Makes the search shorter, never another. */
  atLeast?: (node: NodeNumber) => number
}

/** What a search needs of a network. */
export interface SearchedNetwork {
  edgesAt(node: NodeNumber): number[]
  otherEnd(edge: number, node: NodeNumber): NodeNumber
  attributesOfEdge(edge: number): Attributes
}

/** A network as a search sees it. */
export class NetworkWays implements Ways {
  constructor(
    private readonly network: SearchedNetwork,
    private readonly options: NetworkPathOptions,
  ) {}

  around(place: number, places: number[], costs: number[]): number {
    const { network } = this
    const { weight } = this.options
    const edges = network.edgesAt(place)
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i] as number
      const to = network.otherEnd(edge, place)
      places[i] = to
      costs[i] = weight === undefined ? 1 : weightOf(weight, network.attributesOfEdge(edge), place, to)
    }
    return edges.length
  }

  least(place: number): number {
    return this.options.atLeast?.(place) ?? 0
  }
}

/** What an edge weighs. Throws unless that is a number ≥ 0. */
export function weightOf(weight: EdgeWeight, attributes: Attributes, from: NodeNumber, to: NodeNumber): number {
  const value = typeof weight === 'string' ? attributes[weight] : weight(attributes, from, to)
  if (typeof value === 'number' && value >= 0) return value
  throw new OperatorError({
    what: `The weight of the edge from node ${from} to ${to}${typeof weight === 'string' ? `, its attribute "${weight}"` : ''}`,
    expected: value === undefined ? 'a number ≥ 0, and it has none' : 'a number ≥ 0',
    ...(value !== undefined && { got: value }),
    next: 'Give every edge one: network.setEdge(from, to, { weight: 2 }).',
  })
}
