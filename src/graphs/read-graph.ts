/** Reads a graph from the text of a file. */

import { MultiGraph } from 'graphology'
import { parse as parseGexf } from 'graphology-gexf'
import { parse as parseGraphml } from 'graphology-graphml'
import { OperatorError, unknownName } from '../core/index.js'
import type { NamedGraph } from '../space/index.js'
import { readCsv } from './csv.js'
import { graphOf } from './graphology.js'

/** The formats in which graphs are shared: those of networkx, Gephi and igraph, and a table of edges. */
export type GraphFormat = 'graphml' | 'gexf' | 'csv'

/** @internal */
export const graphFormats: readonly GraphFormat[] = ['graphml', 'gexf', 'csv']

/**
 * A graph with its attributes, and the name that each node has in the file. `directed` is for tables of edges, which do not say.
 * Throws where a network cannot hold it: edges of both kinds, loops, and more than one edge between two nodes.
 */
export function readGraph(text: string, { format, directed = false }: { format: GraphFormat; directed?: boolean }): NamedGraph {
  if (format === 'csv') return readCsv(text, directed)
  if (format === 'graphml')
    return graphOf(
      parsed('GraphML', () => parseGraphml(MultiGraph, text)),
      'the GraphML file',
    )
  if (format === 'gexf')
    return graphOf(
      parsed('GEXF', () => parseGexf(MultiGraph, text)),
      'the GEXF file',
    )
  throw unknownName('format of a graph', String(format), graphFormats)
}

/** The parsers throw plain errors, of what they expected to find. */
function parsed<G>(name: string, parse: () => G): G {
  try {
    return parse()
  } catch (cause) {
    throw new OperatorError({
      what: `The ${name} text: ${(cause as Error).message}`,
      expected: `a whole ${name} document, whose edges join nodes that it has`,
      next: 'Write it anew with the program it comes from.',
    })
  }
}
