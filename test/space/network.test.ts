import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { type Edge, groupedGraph, Network, parseEdgeList, randomGraph, scaleFree, smallWorld } from '../../src/space/index.js'
import { idsOf, restored, sameBytes, sorted, stream, Thing, things } from './things.js'

const command = fc.record({
  what: fc.constantFrom('node', 'drop', 'join', 'join', 'join', 'part', 'place', 'move', 'take'),
  a: fc.nat(14),
  b: fc.nat(14),
})
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

/** A network kept by hand. */
class Model {
  nodes = new Set<number>()
  edges = new Set<string>()
  at = new Map<Thing, number>()
  constructor(readonly directed: boolean) {}

  key(a: number, b: number): string {
    return this.directed || a < b ? `${a} ${b}` : `${b} ${a}`
  }

  next(node: number): number[] {
    return [...this.nodes].filter(n => this.edges.has(this.key(node, n)))
  }

  within(node: number, hops: number): number[] {
    let seen = new Set([node])
    for (let i = 0; i < hops; i++) seen = new Set([...seen, ...[...seen].flatMap(n => this.next(n))])
    seen.delete(node)
    return sorted([...seen])
  }
}

function apply(net: Network<Thing>, model: Model, cast: Thing[], { what, a, b }: Command): void {
  const thing = cast[a % cast.length] as Thing
  try {
    if (what === 'node') model.nodes.add(net.addNode())
    else if (what === 'join') {
      expect(net.addEdge(a, b)).toBe(!model.edges.has(model.key(a, b)))
      model.edges.add(model.key(a, b))
    } else if (what === 'part') {
      expect(net.removeEdge(a, b)).toBe(model.edges.delete(model.key(a, b)))
    } else if (what === 'drop') {
      net.removeNode(a)
      model.nodes.delete(a)
      for (const key of model.edges) if (key.split(' ').includes(String(a))) model.edges.delete(key)
    } else if (what === 'take') {
      net.remove(thing)
      model.at.delete(thing)
    } else {
      net[what as 'place' | 'move'](thing, b)
      model.at.set(thing, b)
    }
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorError)
  }
}

describe('a network', () => {
  const setups = fc.record({ directed: fc.boolean(), occupancy: fc.constantFrom('single' as const, 'many' as const) })

  it('is what the commands made it, and every query agrees with a look at all edges', () => {
    fc.assert(
      fc.property(setups, fc.array(command, { minLength: 10, maxLength: 120 }), ({ directed, occupancy }, commands) => {
        const net = new Network<Thing>({ nodes: 6, directed, occupancy, rng: stream() })
        const model = new Model(directed)
        for (let i = 0; i < 6; i++) model.nodes.add(i)
        const cast = things(8)
        for (const c of commands) apply(net, model, cast, c)
        expect([...net.allNodes()]).toEqual(sorted([...model.nodes]))
        expect(net.edgeCount).toBe(model.edges.size)
        expect(new Set(net.edges().map(([a, b]) => model.key(a, b)))).toEqual(model.edges)
        expect(net.emptyCount).toBe(model.nodes.size - new Set(model.at.values()).size)
        for (const node of model.nodes) checkNode(net, model, node)
        for (const [thing, node] of model.at) {
          for (const hops of [1, 2, 3]) {
            const near = new Set([node, ...model.within(node, hops)])
            const expected = cast.filter(t => t !== thing && near.has(model.at.get(t) ?? -1))
            expect(sorted(idsOf(net.neighbors(thing, hops)))).toEqual(idsOf(expected))
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  function checkNode(net: Network<Thing>, model: Model, node: number): void {
    for (const hops of [0, 1, 2, 3, 99]) expect(sorted(net.nodesAround(node, hops))).toEqual(model.within(node, hops))
    expect(net.degree(node)).toBe(model.next(node).length)
    const into = sorted([...model.nodes].filter(n => model.edges.has(model.key(n, node))))
    expect(sorted(net.nodesInto(node))).toEqual(into)
    expect(net.inDegree(node)).toBe(into.length)
    for (const other of model.nodes) if (other !== node) expect(net.hasEdge(node, other)).toBe(model.next(node).includes(other))
    const pick = net.randomNodeAround(node)
    if (pick === undefined) expect(model.next(node)).toEqual([])
    else expect(model.next(node)).toContain(pick)
  }

  it('goes on after a restore exactly as the original does', () => {
    fc.assert(
      fc.property(setups, fc.array(command, { maxLength: 60 }), fc.array(command, { maxLength: 60 }), (setup, first, then) => {
        const net = new Network<Thing>({ nodes: 6, ...setup, rng: stream() })
        const cast = things(8)
        const model = new Model(setup.directed)
        for (const c of first) apply(net, model, cast, c)
        const { copy, cast: saved } = restored(net)
        const twins = cast.map(t => saved[t.id] ?? new Thing(t.id))
        const twin = new Model(setup.directed)
        Object.assign(twin, { nodes: new Set(model.nodes), edges: new Set(model.edges) })
        for (const c of then) {
          apply(net, model, cast, c)
          apply(copy, twin, twins, c)
        }
        expect(sameBytes(copy, net)).toBe(true)
        for (const node of net.allNodes([])) expect([...copy.nodesAround(node, 2)]).toEqual([...net.nodesAround(node, 2)])
        if (net.nodeCount > 0) expect(copy.randomNode()).toBe(net.randomNode())
      }),
      { numRuns: 80 },
    )
  })

  it('lets agents join and befriend one another', () => {
    const net = new Network<Thing>()
    const [a, b] = things(2) as [Thing, Thing]
    net.join(a)
    net.join(b)
    expect(net.connect(a, b)).toBe(true)
    expect(idsOf(net.neighbors(a))).toEqual([1])
    net.disconnect(b, a)
    expect(net.neighbors(a).length).toBe(0)
  })

  it('refuses, naming agent and node', () => {
    const net = new Network<Thing>({ edges: [[0, 1]] })
    const thing = new Thing(4)
    expect(() => net.place(thing, 5)).toThrow('Agent Thing-4 cannot be placed in node 5: the network has 2 nodes.')
    net.place(thing, 1)
    expect(() => net.removeNode(1)).toThrow('Node 1 cannot be removed: agent Thing-4 stands on it')
    expect(() => net.addEdge(0, 0)).toThrow('Node 0 cannot be joined to itself')
    expect(() => net.addEdge(0, 7)).toThrow('There is no node 7')
    expect(() => new Network({ nodes: 2, edges: [[0, 2]] })).toThrow('node 2')
    expect(() => new Network({ edges: [[0, 1e12]] })).toThrow('A node of an edge')
    expect(() => new Network().randomNode(stream())).toThrow('no node')
  })
})

describe('an edge list', () => {
  it('is read from text with names, comments and repeats', () => {
    const graph = parseEdgeList('# friends\nann bob 3\r\nbob,cy\n\n% more\nbob ann\ncy cy\n')
    expect(graph.names).toEqual(['ann', 'bob', 'cy'])
    expect(graph.edges).toEqual([[0, 1], [1, 2]]) // biome-ignore format: pairs
    expect(parseEdgeList('a b\nb a', { directed: true }).edges.length).toBe(2)
    expect(new Network(graph).degree(1)).toBe(2)
    expect(() => parseEdgeList('a b\nc')).toThrow('Line 2 of the edge list')
  })
})

describe('a random graph', () => {
  const degrees = (nodes: number, edges: Iterable<Edge>) => {
    const degree = new Array<number>(nodes).fill(0)
    for (const [from, to] of edges) for (const end of [from, to]) degree[end] = (degree[end] as number) + 1
    return degree
  }

  it('draws only from the stream it is given', () => {
    for (const make of [
      (seed: number) => randomGraph({ nodes: 60, probability: 0.1, rng: stream(seed) }),
      (seed: number) => groupedGraph({ nodes: 60, edges: 150, groups: 4, inside: 0.8, rng: stream(seed) }),
      (seed: number) => smallWorld({ nodes: 60, degree: 4, rewire: 0.2, rng: stream(seed) }),
      (seed: number) => scaleFree({ nodes: 60, links: 2, rng: stream(seed) }),
    ]) {
      expect(make(1)).toEqual(make(1))
      expect(make(1)).not.toEqual(make(2))
      expect(new Network(make(1)).nodeCount).toBe(60)
    }
  })

  it('of Erdős and Rényi has the expected number of edges, directed or not', () => {
    const edges = (directed: boolean) => [...randomGraph({ nodes: 300, probability: 0.05, directed, rng: stream() }).edges].length
    const sd = Math.sqrt(44_850 * 0.05 * 0.95)
    expect(Math.abs(edges(false) - 2242.5)).toBeLessThan(4 * sd)
    expect(Math.abs(edges(true) - 4485)).toBeLessThan(4 * sd * Math.SQRT2)
    expect([...randomGraph({ nodes: 50, probability: 1e-9, rng: stream() }).edges].length).toBe(0)
    expect([...randomGraph({ nodes: 5, probability: 1, rng: stream() }).edges].length).toBe(10)
  })

  it('of Watts and Strogatz is a ring unless rewired, and keeps its number of edges', () => {
    const ring = new Network(smallWorld({ nodes: 20, degree: 4, rewire: 0, rng: stream() }))
    expect(sorted(ring.nodesAround(0))).toEqual([1, 2, 18, 19])
    for (const rewire of [0, 0.3, 1]) {
      expect(new Network(smallWorld({ nodes: 50, degree: 6, rewire, rng: stream() })).edgeCount).toBe(150)
    }
    const moved = [...smallWorld({ nodes: 1000, degree: 4, rewire: 0.25, rng: stream() }).edges].filter(
      ([a, b]) => Math.min(b - a, 1000 - b + a) > 2,
    ).length
    expect(Math.abs(moved - 500)).toBeLessThan(5 * Math.sqrt(375))
  })

  it('of Watts and Strogatz whose nodes all know each other stays as it is, and no node knows more than all', () => {
    expect([...smallWorld({ nodes: 5, degree: 4, rewire: 1, rng: stream() }).edges].length).toBe(10)
    expect(() => smallWorld({ nodes: 4, degree: 4, rewire: 0, rng: stream() })).toThrow('an even number below its 4 nodes')
  })

  it('of Barabási and Albert has hubs: degrees fall off with exponent 3', () => {
    const graph = scaleFree({ nodes: 5000, links: 3, rng: stream() })
    const degree = degrees(5000, graph.edges)
    expect([...graph.edges].length).toBe(6 + 3 * 4996)
    expect(Math.min(...degree)).toBe(3)
    // Dorogovtsev, Mendes and Samukhin 2000: P(degree ≥ k) = m(m+1)/(k(k+1)).
    for (const k of [6, 12, 24]) {
      const share = degree.filter(d => d >= k).length / 5000
      expect(Math.abs(share / ((3 * 4) / (k * (k + 1))) - 1)).toBeLessThan(0.25)
    }
  })

  it('refuses what cannot be made', () => {
    expect(() => smallWorld({ nodes: 10, degree: 3, rewire: 0, rng: stream() })).toThrow('an even number below its 10 nodes')
    expect(() => randomGraph({ nodes: 10, probability: 2, rng: stream() })).toThrow('a number from 0 to 1')
    expect(() => scaleFree({ nodes: 2, links: 2, rng: stream() })).toThrow('a whole number ≥ 3')
  })
})
