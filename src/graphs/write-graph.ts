/** Writes a network as the text of a file that networkx, Gephi and igraph read. */

import { write as writeGexf } from 'graphology-gexf'
import { unknownName } from '../core/index.js'
import type { Network, Placeable } from '../space/index.js'
import { writeCsv } from './csv.js'
import { writeGraphml } from './graphml.js'
import { graphologyOf } from './graphology.js'
import { type GraphFormat, graphFormats } from './read-graph.js'

/** How a network is written. */
export interface WriteGraphOptions {
  format: GraphFormat
  /** What each node is called in the file, by its number; default the number. */
  names?: readonly string[]
}

/** Nodes and edges with their attributes; a table of edges (`csv`) has those of edges alone. */
export function writeGraph(network: Network<Placeable, Placeable>, { format, names }: WriteGraphOptions): string {
  const nameOf = (node: number) => names?.[node] ?? String(node)
  if (format === 'csv') return writeCsv(network.edges(), nameOf)
  if (format === 'graphml') return writeGraphml(network, nameOf)
  if (format !== 'gexf') throw unknownName('format of a graph', String(format), graphFormats)
  return writeGexf(graphologyOf(network, nameOf), {
    formatNode: (name, attributes) => ({ label: name, attributes }),
    formatEdge: (_name, { weight, ...attributes }) =>
      typeof weight === 'number'
        ? { attributes, weight }
        : { attributes: weight === undefined ? attributes : { ...attributes, weight } },
  })
}
