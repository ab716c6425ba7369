/** Writes GraphML (graphml.graphdrawing.org), which graphology only reads. */

import type { Attributes, Network, Placeable } from '../space/index.js'

/** Attributes are declared before they are used: each by its name and the type of all its values. */
export function writeGraphml(network: Network<Placeable, Placeable>, nameOf: (node: number) => string): string {
  const nodes = network.allNodes()
  const edges = network.edges()
  const ofNodes = new Keys(
    'node',
    nodes.map(node => network.nodeAttributes(node)),
  )
  const ofEdges = new Keys(
    'edge',
    edges.map(([, , attributes = {}]) => attributes),
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...ofNodes.declarations(),
    ...ofEdges.declarations(),
    `  <graph edgedefault="${network.directed ? 'directed' : 'undirected'}">`,
    ...nodes.map(node => `    <node id="${escaped(nameOf(node))}">${ofNodes.data(network.nodeAttributes(node))}</node>`),
    ...edges.map(
      ([from, to, attributes = {}]) =>
        `    <edge source="${escaped(nameOf(from))}" target="${escaped(nameOf(to))}">${ofEdges.data(attributes)}</edge>`,
    ),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n')
}

/** The attributes that nodes, or edges, have in one graph. */
class Keys {
  private readonly types = new Map<string, string>()

  constructor(
    private readonly of: 'node' | 'edge',
    all: readonly Attributes[],
  ) {
    for (const attributes of all)
      for (const [name, value] of Object.entries(attributes)) this.types.set(name, this.typeOf(name, value))
  }

  declarations(): string[] {
    return [...this.types].map(
      ([name, type]) => `  <key id="${this.idOf(name)}" for="${this.of}" attr.name="${escaped(name)}" attr.type="${type}"/>`,
    )
  }

  data(attributes: Attributes): string {
    return Object.entries(attributes)
      .map(([name, value]) => `<data key="${this.idOf(name)}">${escaped(String(value))}</data>`)
      .join('')
  }

  /** `string` where the values of one attribute are of several types. */
  private typeOf(name: string, value: Attributes[string]): string {
    const type = typeof value === 'number' ? 'double' : typeof value
    const known = this.types.get(name)
    return known === undefined || known === type ? type : 'string'
  }

  private idOf(name: string): string {
    return `${this.of}${[...this.types.keys()].indexOf(name)}`
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, sign => entities[sign] ?? sign)
}
