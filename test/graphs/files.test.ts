import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { readGraph, writeGraph } from 'mycelia/spaces'
import { describe, expect, it } from 'vitest'
import { type Attributes, type Edge, type NamedGraph, Network, parseEdgeList } from '../../src/space/index.js'

const text = fc
  .string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('a', 'Z', 'é', '1', '<', '&', '"', ',', ' ') })
  .map(s => `n${s}n`)
const attributes = fc.record(
  { weight: fc.integer({ min: 0, max: 99 }), kind: text, open: fc.boolean() },
  { requiredKeys: ['weight'] },
)
const graphs = fc.record({
  names: fc.uniqueArray(text, { minLength: 2, maxLength: 8 }),
  directed: fc.boolean(),
  pairs: fc.array(fc.tuple(fc.nat(7), fc.nat(7), attributes), { minLength: 1, maxLength: 12 }),
  ofNodes: fc.array(attributes, { minLength: 8, maxLength: 8 }),
})

function networkOf(
  nodes: number,
  directed: boolean,
  pairs: readonly (readonly [number, number, Attributes])[],
  ofNodes: Attributes[],
): Network {
  const net = new Network({ nodes, directed, nodeAttributes: ofNodes.slice(0, nodes) })
  for (const [a, b, given] of pairs) if (a % nodes !== b % nodes) net.addEdge(a % nodes, b % nodes, given)
  return net
}

/** Edges by the names of their ends, in one order: an undirected one may be turned. */
function named({ edges = [], names, directed }: Pick<NamedGraph, 'edges' | 'names' | 'directed'>): unknown[] {
  const lines = [...edges].map(([a, b, given = {}]: Edge) => {
    const ends = [names[a] as string, names[b] as string]
    return JSON.stringify([directed ? ends : ends.sort(), Object.entries(given).sort()])
  })
  return lines.sort()
}

describe.each(['graphml', 'gexf', 'csv'] as const)('a graph in %s', format => {
  it('is read as it was written: names, edges, direction, attributes', () => {
    fc.assert(
      fc.property(graphs, ({ names, directed, pairs, ofNodes }) => {
        const net = networkOf(names.length, directed, pairs, ofNodes)
        if (net.edgeCount === 0) return
        const read = readGraph(writeGraph(net, { format, names }), { format, directed })
        expect(named(read)).toEqual(named({ edges: net.edges(), names, directed }))
        expect(read.directed).toBe(directed)
        if (format === 'csv') return
        expect(read.names).toEqual(names)
        const plain = (all: readonly (Attributes | undefined)[] = []) =>
          all.map(given => Object.entries({ ...given, label: 0 }).sort())
        expect(plain(read.nodeAttributes)).toEqual(plain(net.allNodes().map(node => net.nodeAttributes(node))))
      }),
      { numRuns: 40 },
    )
  })

  it('says what is wrong with a text that is none', () => {
    expect(() => readGraph('<nothing/>', { format })).toThrow(/The (GraphML|GEXF) text|The first line of the table of edges/)
  })
})

describe('a graph that a network cannot hold', () => {
  it.each([
    ['source,target\na,a\n', 'The edge from "a" to "a" of the table of edges'],
    ['source,target\na,b\nb,a\n', 'Join both into one, with a weight.'],
    ['from,to\na,b\n', 'with "source" and "target" among them'],
  ])('%j is refused', (csv, message) => {
    expect(() => readGraph(csv, { format: 'csv' })).toThrow(message)
  })

  it('has edges of both kinds', () => {
    const both = `<graphml><graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>
      <edge source="a" target="b"/><edge source="b" target="c" directed="true"/></graph></graphml>`
    expect(() => readGraph(both, { format: 'graphml' })).toThrow('all directed or all undirected')
    expect(() => readGraph(both, { format: 'pajek' as never })).toThrow('format of a graph "pajek"')
  })
})

describe('an edge list', () => {
  it('has attributes where its columns are named', () => {
    const { edges } = parseEdgeList('a b 2.5 road\nb c 1 rail\n', { attributes: ['weight', 'kind'] })
    expect(edges).toEqual([
      [0, 1, { weight: 2.5, kind: 'road' }],
      [1, 2, { weight: 1, kind: 'rail' }],
    ])
    expect(() => parseEdgeList('a b\n', { attributes: ['weight'] })).toThrow(
      'Line 1 of the edge list: expected a value of "weight"',
    )
  })
})

const hasNetworkx = (() => {
  try {
    execFileSync('python3', ['-c', 'import networkx'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

it.skipIf(!hasNetworkx).each(['graphml', 'gexf'] as const)('networkx reads what is written in %s', format => {
  const net = networkOf(
    3,
    true,
    [
      [0, 1, { weight: 2, kind: 'a <road>' }],
      [2, 1, { weight: 5 }],
    ],
    [],
  )
  const script = `import networkx as nx, sys, io, json
g = nx.read_${format}(io.BytesIO(sys.stdin.buffer.read()))
print(json.dumps([g.is_directed(), sorted([a, b, d["weight"], d.get("kind")] for a, b, d in g.edges(data=True))]))`
  const said = execFileSync('python3', ['-c', script], { input: writeGraph(net, { format }), cwd: '/' })
  expect(JSON.parse(String(said))).toEqual([
    true,
    [
      ['0', '1', 2, 'a <road>'],
      ['2', '1', 5, null],
    ],
  ])
})
