/** Measures against networkx's (`reference.py`, which says how the file beside it is made). */
import { readFileSync } from 'node:fs'
import { measures } from 'mycelia/spaces'
import { describe, expect, it } from 'vitest'
import { type Edge, Network } from '../../src/space/index.js'
import { stream } from '../space/things.js'

type ByNode = 'degree' | 'betweenness' | 'weightedBetweenness' | 'closeness' | 'pagerank' | 'weightedPagerank' | 'clustering'

interface Measured extends Readonly<Record<ByNode, number[]>> {
  nodes: number
  directed: boolean
  edges: [number, number, number][]
  components: number[][]
  strongComponents: number[][]
  /** null: no way there. */
  distances: (number | null)[]
}

const reference = JSON.parse(readFileSync(new URL('./reference.json', import.meta.url), 'utf8')) as {
  graphs: Record<'directed' | 'parts', Measured> & { karate: Measured & { eigenvector: number[]; louvain: number } }
}

function networkOf({ nodes, directed, edges }: Measured): Network {
  return new Network({ nodes, directed, edges: edges.map(([a, b, weight]): Edge => [a, b, { weight }]) })
}

function expectClose(got: Float64Array, expected: readonly number[], digits = 8): void {
  expect(got.length).toBe(expected.length)
  for (const [node, value] of expected.entries()) expect(got[node], `node ${node}`).toBeCloseTo(value, digits)
}

describe.each(Object.entries(reference.graphs))('the %s network has, of networkx,', (_name, expected) => {
  const net = networkOf(expected)
  const m = measures(net)
  const weight = 'weight'

  it('the degree centrality', () => expectClose(m.degree(), expected.degree))
  it('the betweenness', () => expectClose(m.betweenness(), expected.betweenness))
  it('the weighted betweenness', () => expectClose(m.betweenness({ weight }), expected.weightedBetweenness))
  it('the closeness', () => expectClose(m.closeness(), expected.closeness))
  it('the pagerank', () => expectClose(m.pagerank(), expected.pagerank))
  it('the weighted pagerank', () => expectClose(m.pagerank({ weight }), expected.weightedPagerank))
  it('the clustering', () => expectClose(m.clustering(), expected.clustering))
  it('the components', () => expect(m.components()).toEqual(expected.components))
  it('the strong components', () => expect(m.strongComponents()).toEqual(expected.strongComponents))
  it('the weighted distances', () =>
    expect([...m.distances(0, { weight })]).toEqual(expected.distances.map(d => d ?? Number.POSITIVE_INFINITY)))
  it('and paths of those lengths', () => {
    for (const node of net.allNodes()) expect(net.path(0, node, { weight })?.cost ?? null).toBe(expected.distances[node])
  })
})

describe('the karate club', () => {
  const { karate } = reference.graphs
  const m = measures(networkOf(karate))

  it('has the eigenvector centrality of networkx', () => expectClose(m.eigenvector(), karate.eigenvector, 6))

  it('falls into communities as good as the best of twenty runs of networkx, and into the same ones from the same stream', () => {
    const runs = Array.from({ length: 20 }, (_, seed) => m.communities(stream(seed)))
    expect(Math.max(...runs.map(({ modularity }) => modularity))).toBeGreaterThanOrEqual(karate.louvain - 1e-9)
    for (const { of, count } of runs) expect(new Set(of).size).toBe(count)
    expect(m.communities(stream(5))).toEqual(m.communities(stream(5)))
  })

  it('has known distances by number of edges', () => expect(Math.max(...m.distances(0))).toBe(3))
})

describe('measures', () => {
  it('have NaN for the number of a node that was removed, and read the edges there are', () => {
    const net = new Network({
      nodes: 4,
      edges: [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    })
    net.removeNode(1)
    const m = measures(net)
    expect([...m.degree()]).toEqual([0, Number.NaN, 0.5, 0.5])
    expect(m.components()).toEqual([[2, 3], [0]])
    expect(m.communities(stream()).count).toBe(2)
  })

  it('of a network without edges or nodes are those of nothing', () => {
    expect(measures(new Network()).components()).toEqual([])
    expect(measures(new Network({ nodes: 3 })).communities(stream())).toEqual({
      of: Float64Array.of(0, 1, 2),
      count: 3,
      modularity: 0,
    })
  })

  it('say what an edge without a weight lacks, and that iterations were too few', () => {
    const net = new Network({ edges: [[0, 1]] })
    expect(() => measures(net).pagerank({ weight: 'length' })).toThrow(
      'its attribute "length": expected a number ≥ 0, and it has none',
    )
    expect(() => measures(networkOf(reference.graphs.karate)).pagerank({ iterations: 2 })).toThrow('Give more `iterations`')
  })
})
