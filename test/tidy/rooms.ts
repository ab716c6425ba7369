/** Who may import whom: the table of ARCHITECTURE.md as data, and the checks that hold the sources to it. */
import { posix } from 'node:path'
import { type Finding, type Import, importsOf, type Source } from './source.js'

/** In the order data flows. A room may import itself and the rooms it names, types included; a name that no import uses goes. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  scheduler: ['core'],
  space: ['core'],
  graphs: ['core', 'space'],
  geography: ['core', 'space'],
  bus: ['core'],
  model: ['core', 'scheduler', 'bus'],
  view: ['core', 'space', 'model'],
  market: ['core'],
  exchange: ['core', 'market'],
  trading: ['core', 'bus', 'market', 'exchange'],
  discovery: ['core', 'market'],
  agents: ['core', 'model', 'bus', 'market', 'exchange', 'trading', 'discovery'],
  feed: ['core', 'market'],
  transport: ['core'],
  storage: ['core', 'model', 'trading'],
  memory: ['core', 'trading'],
  report: ['core', 'view', 'market', 'trading', 'discovery', 'storage'],
  world: ['core', 'bus', 'model', 'view', 'market', 'trading', 'agents', 'feed', 'transport', 'storage', 'memory', 'report'],
  pool: ['core', 'transport', 'storage', 'server'],
  experiment: ['core', 'model', 'view', 'market', 'trading', 'agents', 'storage', 'world', 'pool'],
  ops: ['core', 'storage'],
  server: ['core', 'view'],
  cli: [
    'core',
    'scheduler',
    'space',
    'bus',
    'model',
    'view',
    'market',
    'exchange',
    'trading',
    'discovery',
    'agents',
    'feed',
    'transport',
    'storage',
    'memory',
    'report',
    'world',
    'pool',
    'experiment',
    'ops',
    'server',
  ],
}

/** ⬡: isomorphic and synchronous. */
export const ISOMORPHIC = new Set([
  'core',
  'scheduler',
  'space',
  'graphs',
  'geography',
  'bus',
  'model',
  'view',
  'market',
  'exchange',
  'trading',
  'discovery',
  'agents',
])

/** The only packages a ⬡ room may use, because they run unchanged in a browser and synchronously. */
const BROWSER_PACKAGES = new Set([
  'seedrandom',
  'zod',
  '@noble/hashes',
  'graphology',
  'graphology-communities-louvain',
  'graphology-components',
  'graphology-generators',
  'graphology-gexf',
  'graphology-graphml',
  'graphology-metrics',
  'graphology-shortest-path',
  'papaparse',
  'point-in-polygon-hao',
  'vader-sentiment',
])

/** Packages that have one home, so that what they cost and how they fail is known in one place. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  ioredis: ['transport', 'pool'],
  bullmq: ['pool'],
  ccxt: ['feed'],
  'better-sqlite3': ['storage'],
  ws: ['server', 'feed'],
  chromadb: ['memory'],
  papaparse: ['graphs', 'geography'],
  '@xenova/transformers': ['memory'],
  protobufjs: ['storage'],
  '@toon-format/toon': ['storage'],
}

/** `src/model/agent.ts` → `model`; undefined for `src/index.ts`, which may import everything, and outside `src/`. */
export function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1]
}

/** `@noble/hashes/sha2.js` → `@noble/hashes`; undefined for relative paths and `node:` modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0]
}

/** The file of the repository a relative import means. */
export function targetOf(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
}

export function checkImports(source: Source): Finding[] {
  const complain = source.path.startsWith('scenarios/') ? inScenario : source.path.startsWith('viz/') ? inViewer : inRoom
  return importsOf(source).flatMap(seen => {
    const says = complain(source.path, seen)
    return says === undefined ? [] : [{ path: source.path, line: seen.line, says }]
  })
}

function inScenario(_path: string, { specifier }: Import): string | undefined {
  if (['mycelia', 'mycelia/market', 'mycelia/node', 'mycelia/spaces'].includes(specifier)) return undefined
  return `a scenario is user code and imports 'mycelia', 'mycelia/market', 'mycelia/node' or 'mycelia/spaces' alone, not '${specifier}'`
}

/** The viewer reads frames with `view/`. Its worker, and the tests' stand-ins for one, run the models themselves, which enter by the doors as anywhere. */
function inViewer(path: string, { specifier, typeOnly }: Import): string | undefined {
  const target = targetOf(path, specifier)
  const leaves = target?.startsWith('src/') || packageOf(specifier) === 'mycelia'
  if (!leaves || typeOnly || target === 'src/view/index.ts' || /^viz\/(worker|stand-ins)\//.test(path)) return undefined
  return `viz/ imports only src/view/ and types from src/, not '${specifier}'`
}

function inRoom(path: string, seen: Import): string | undefined {
  const room = roomOf(path)
  if (room === undefined) return undefined
  if (!(room in ROOMS)) return `"${room}" is no room of ARCHITECTURE.md`
  const target = targetOf(path, seen.specifier)
  return target === undefined ? outside(room, seen.specifier) : between(room, target, seen)
}

function between(room: string, target: string, { specifier, dynamic }: Import): string | undefined {
  const other = roomOf(target)
  if (other === room) return undefined
  if (other === undefined) return `a room imports rooms, not '${specifier}'`
  if (!ROOMS[room]?.includes(other)) return `${room} may not import ${other} (it may: ${ROOMS[room]?.join(', ') || 'nothing'})`
  if (target !== `src/${other}/index.ts` && !dynamic) return `another room is entered by its index.js, not '${specifier}'`
  return undefined
}

function outside(room: string, specifier: string): string | undefined {
  const name = packageOf(specifier)
  const homes = name === undefined ? undefined : HOMES[name]
  if (name === 'mycelia') return 'src/ does not import itself by its public name'
  if (homes && !homes.includes(room)) return `${name} belongs in ${homes.join(', ')}, not in ${room}`
  if (!ISOMORPHIC.has(room) || (name !== undefined && BROWSER_PACKAGES.has(name))) return undefined
  return `${room} runs in a browser too and cannot import '${specifier}'`
}

/** Rooms that a room may import and does not. */
export function unusedPermissions(sources: readonly Source[], rooms = ROOMS): string[] {
  const used = new Set<string>()
  for (const source of sources)
    for (const { specifier } of importsOf(source)) {
      const target = targetOf(source.path, specifier)
      if (target !== undefined) used.add(`${roomOf(source.path)} → ${roomOf(target)}`)
    }
  const allowed = Object.entries(rooms).flatMap(([room, others]) => others.map(other => `${room} → ${other}`))
  return allowed.filter(arrow => !used.has(arrow))
}

/** Circles of imports, types included, each as the files on it. An `import()` in an expression is not followed within a room. */
export function findCycles(sources: readonly Source[]): string[][] {
  const known = new Set(sources.map(source => source.path))
  const follows = (path: string, target: string, seen: Import) => !seen.dynamic || roomOf(path) !== roomOf(target)
  const edges = sources.map((source): [string, string[]] => [
    source.path,
    importsOf(source).flatMap(seen => {
      const target = targetOf(source.path, seen.specifier)
      return target !== undefined && known.has(target) && follows(source.path, target, seen) ? [target] : []
    }),
  ])
  return circles(new Map(edges))
}

/** Tarjan's strongly connected components of more than one node, or of one that points at itself. */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const found: string[][] = []
  const visit = (node: string): number => {
    const number = order.size
    order.set(node, number)
    open.push(node)
    let low = number
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next))
      else if (open.includes(next)) low = Math.min(low, order.get(next) ?? low)
    }
    lowest.set(node, low)
    if (low === number) {
      const circle = open.splice(open.indexOf(node))
      if (circle.length > 1 || edges.get(node)?.includes(node)) found.push(circle)
    }
    return low
  }
  for (const node of edges.keys()) if (!order.has(node)) visit(node)
  return found
}
