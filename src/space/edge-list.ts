/** Edge lists as text: one edge a line, two names a line, as network data sets are shared. */

import { OperatorError } from '../core/index.js'
import type { Attributes } from './attributes.js'
import type { Edge, Graph } from './network.js'

/** A graph read from text, with the name each node has there. */
export interface NamedGraph extends Graph {
  nodes: number
  edges: Edge[]
  /** By node number. */
  names: string[]
}

/**
 * Reads "a b" lines; names are separated by blanks, a comma, a semicolon or a tab. `attributes` names the columns behind them, as
 * numbers where they are such; other columns are passed over.
 * Empty lines and lines that begin with # or % are comments. Nodes are numbered as they first appear; an edge named twice,
 * or from a node to itself, is left out, as a network holds neither.
 */
export function parseEdgeList(
  text: string,
  { directed = false, attributes = [] }: { directed?: boolean; attributes?: readonly string[] } = {},
): NamedGraph {
  const numbers = new Map<string, number>()
  const known = new Set<string>()
  const edges: Edge[] = []
  text.split(/\r?\n/).forEach((line, i) => {
    if (/^\s*([#%]|$)/.test(line)) return
    const [from, to, ...rest] = line.trim().split(/\s*[,;\t]\s*|\s+/)
    if (!from || !to) throw new OperatorError({ what: `Line ${i + 1} of the edge list`, expected: 'two node names', got: line })
    const ends = [number(numbers, from), number(numbers, to)] as const
    const edge: Edge = attributes.length === 0 ? ends : [...ends, attributesIn(rest, attributes, i)]
    const key = directed || edge[0] < edge[1] ? `${edge[0]} ${edge[1]}` : `${edge[1]} ${edge[0]}`
    if (edge[0] === edge[1] || known.has(key)) return
    known.add(key)
    edges.push(edge)
  })
  return { nodes: numbers.size, edges, directed, names: [...numbers.keys()] }
}

function attributesIn(fields: readonly string[], names: readonly string[], line: number): Attributes {
  return Object.fromEntries(
    names.map((name, i) => {
      const field = fields[i]
      if (!field) throw new OperatorError({ what: `Line ${line + 1} of the edge list`, expected: `a value of "${name}"` })
      return [name, Number.isNaN(Number(field)) ? field : Number(field)]
    }),
  )
}

function number(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  numbers.set(name, numbers.size)
  return numbers.size - 1
}
