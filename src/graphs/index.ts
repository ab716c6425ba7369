/** `graphs/`: what graphology's libraries know of a network: its measures, and the files in which graphs are shared. */

export { type Communities, measures, type NetworkMeasures, type WeightOption } from './measures.js'
export { type GraphFormat, readGraph } from './read-graph.js'
export { type WriteGraphOptions, writeGraph } from './write-graph.js'
