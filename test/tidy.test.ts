/** The conventions of ARCHITECTURE.md as tests: each check first fails on a small made-up file, then is held to the whole tree. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the made-up sources are text
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { checkFlags, checkKernel } from './tidy/closed.js'
import { checkDanger } from './tidy/danger.js'
import { checkCitations, checkCommands } from './tidy/documents.js'
import { loadedBy, loadedWith } from './tidy/loaded.js'
import { checkNondeterminism, WALL_CLOCK } from './tidy/nondeterminism.js'
import { checkImports, findCycles, packageOf, ROOMS, roomOf, unusedPermissions } from './tidy/rooms.js'
import { checkSideEffects, PROGRAMS } from './tidy/side-effects.js'
import { type Finding, importsOf, parse, show } from './tidy/source.js'
import { checkTraces, localTraces } from './tidy/traces.js'
import { read, root, sourcesIn, trackedFiles } from './tidy/tree.js'
import { checkUsed, programOfPage } from './tidy/used.js'
import { checkWords } from './tidy/words.js'

const files = trackedFiles()
const code = sourcesIn(files ?? [], /^(src|scenarios|bench|viz)\/.*(?<!\.d)\.ts$/)
const programs = sourcesIn(files ?? [], /^(scripts|bin)\//)
const ours = [...code, ...programs]

const says = (findings: readonly Finding[]): string[] => findings.map(found => found.says)
const inTree = (check: (source: (typeof code)[number]) => Finding[], sources = code): string[] => sources.flatMap(check).map(show)

describe('room imports', () => {
  const imports = (path: string, text: string) => says(checkImports(parse(path, text)))

  it('notices a room that imports a row it does not name, types included', () => {
    expect(imports('src/core/a.ts', "import { Bus } from '../bus/index.js'")).toEqual([
      'core may not import bus (it may: nothing)',
    ])
    expect(imports('src/market/a.ts', "import type { Idea } from '../trading/index.js'")).toHaveLength(1)
    expect(imports('src/market/a.ts', "export { type Idea } from '../trading/index.js'")).toHaveLength(1)
    expect(imports('src/market/a.ts', "let x: import('../trading/index.js').Idea")).toHaveLength(1)
    expect(imports('src/market/a.ts', "const x = () => import('../cli/main.js')")).toHaveLength(1)
    expect(imports('src/nowhere/a.ts', "import '../core/index.js'")).toEqual(['"nowhere" is no room of ARCHITECTURE.md'])
  })

  it('notices another room entered by a side door', () => {
    expect(imports('src/bus/a.ts', "import { Rng } from '../core/random.js'")).toHaveLength(1)
    expect(imports('src/bus/a.ts', "import { Rng } from '../core/index.js'\nimport { b } from './b.js'")).toEqual([])
  })

  it('is not misled by comments and strings', () => {
    expect(imports('src/core/a.ts', "// import '../bus/index.js'\nconst text = \"import x from '../bus/index.js'\"")).toEqual([])
  })

  it('notices Node and its packages in a room that also runs in a browser', () => {
    expect(imports('src/model/a.ts', "import { readFileSync } from 'node:fs'")).toHaveLength(1)
    expect(imports('src/model/a.ts', "import pino from 'pino'")).toHaveLength(1)
    expect(imports('src/model/a.ts', "import { z } from 'zod'\nimport { sha256 } from '@noble/hashes/sha2.js'")).toEqual([])
  })

  it('notices a package outside its home', () => {
    expect(imports('src/world/a.ts', "import Database from 'better-sqlite3'")).toEqual([
      'better-sqlite3 belongs in storage, not in world',
    ])
    expect(imports('src/feed/a.ts', "const load = () => import('ccxt')")).toEqual([])
    expect(imports('src/feed/a.ts', "import type Redis from 'ioredis'")).toHaveLength(1)
  })

  it('notices a scenario that reaches past the public entries, and a viewer that imports more than types', () => {
    expect(imports('scenarios/a.ts', "import { Agent } from '../src/index.js'")).toHaveLength(1)
    expect(
      imports(
        'scenarios/models/a.ts',
        "import { Agent } from 'mycelia'\nimport { Swarm } from 'mycelia/market'\nimport { run } from 'mycelia/node'",
      ),
    ).toEqual([])
    expect(imports('viz/a.ts', "import { Agent } from '../src/index.js'")).toHaveLength(1)
    expect(imports('viz/a.ts', "import type { Agent } from '../src/index.js'")).toEqual([])
  })

  it('notices a permission that no import uses', () => {
    const rooms = { core: [], bus: ['core'], model: ['core', 'bus'] }
    const sources = [
      parse('src/bus/a.ts', "import type { Rng } from '../core/index.js'"),
      parse('src/model/a.ts', "import { Bus } from '../bus/index.js'"),
    ]
    expect(unusedPermissions(sources, rooms)).toEqual(['model → core'])
  })

  it('D9: every permission of the table is used', () => expect(unusedPermissions(code)).toEqual([]))
  it('D9: every import in the tree goes where the table allows', () => expect(inTree(checkImports)).toEqual([]))
  it('D9: ARCHITECTURE.md shows this table', () => {
    const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `(\w+)\/`[^|]*\|[^|]*\| ([^|]+) \|$/gm)]
    const shown = rows.map(([, room = '', others = '']) => [room, others.replace(/ \([^)]*\)/g, '')])
    const all = Object.keys(ROOMS)
    const words = (room: string, others: readonly string[]) => {
      if (others.length === 0) return 'nothing'
      return all.every(other => other === room || others.includes(other)) ? 'everything' : others.join(', ')
    }
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(all.map(room => [room, words(room, ROOMS[room] ?? [])])))
  })

  it('D9: every folder of src/ is a room of the table', () => {
    const folders = new Set(code.map(source => /^src\/([^/]+)\//.exec(source.path)?.[1]).filter(Boolean))
    expect([...folders].filter(folder => !(String(folder) in ROOMS))).toEqual([])
  })
})

describe('cycles', () => {
  const cycles = (sources: Record<string, string>) => findCycles(Object.entries(sources).map(([path, text]) => parse(path, text)))

  it('notices files that need each other at run time', () => {
    expect(cycles({ 'src/a/x.ts': "import { y } from './y.js'", 'src/a/y.ts': "import { x } from './x.js'" })).toHaveLength(1)
    expect(cycles({ 'src/a/index.ts': "export * from './x.js'", 'src/a/x.ts': "import { y } from './index.js'" })).toHaveLength(1)
  })

  it('notices a circle of types, between rooms and within one', () => {
    const circle = (a: string, b: string) =>
      cycles({
        [`src/${a}/x.ts`]: `import type { Y } from '../${b}/y.js'`,
        [`src/${b}/y.ts`]: `import type { X } from '../${a}/x.js'`,
      })
    expect(circle('a', 'b')).toHaveLength(1)
    expect(circle('a', 'a')).toHaveLength(1)
  })

  it('D9: there are none in the tree', () => expect(findCycles(code)).toEqual([]))
})

describe('exported names', () => {
  const unused = (sources: Record<string, string>) =>
    checkUsed(Object.entries(sources).map(([path, text]) => (path.endsWith('.md') ? programOfPage : parse)(path, text)))
      .map(found => found.says.split(' ')[0])
      .sort()
  const room = {
    'src/core/a.ts': 'export const a = 1\nexport interface B { c: number }\nexport function c() { return 1 }',
    'src/core/index.ts': "export * from './a.js'\nexport { c as renamed } from './a.js'",
    'src/index.ts': "export * from './core/index.js'",
  }

  it('notices what tests alone import, through every index that only passes it on', () => {
    const test = "import { a, type B, renamed } from '../src/index.js'"
    expect(unused({ ...room, 'test/x.test.ts': test })).toEqual(['B', 'a', 'c'])
  })

  it.each([
    ['another file of src/', { 'src/bus/b.ts': "import { a } from '../core/index.js'" }],
    ['a dynamic import', { 'src/cli/b.ts': "const f = async () => { const { a } = await import('../core/index.js') }" }],
    ['the type of a module', { 'src/cli/b.ts': "type A = typeof import('../core/index.js')['a']" }],
    ['a scenario', { 'scenarios/b.ts': "import { a } from 'mycelia'" }],
    ['a script', { 'scripts/b.mjs': "import { a } from '../dist/src/index.js'" }],
    ['the code of a page', { 'docs/b.md': "# B\n```ts\nimport { a } from 'mycelia'\n```\n" }],
    ['the words of a page', { 'docs/b.md': 'Read `a` first.' }],
    ['a door that lists it', { 'src/node.ts': "export { a } from './core/index.js'" }],
  ])('lets pass what is used by %s', (_by, file) =>
    expect(unused({ ...room, ...file } as Record<string, string>)).toEqual(['B', 'c']),
  )

  it('lets pass what its own file uses, and no property of the same name', () => {
    expect(unused({ 'src/core/a.ts': 'export const a = 1\nexport const b = { a: 2 }.a' })).toEqual(['a', 'b'])
    expect(unused({ 'src/core/a.ts': 'export const a = 1\nexport const b = a' })).toEqual(['b'])
  })

  /** What is there for tests by design, or loaded by a path that is put together. */
  const excused: Readonly<Record<string, string>> = {
    'src/core/fault.ts: armFaults': 'the fault points of every store are there to be armed by tests',
    'src/cli/main.ts: main': 'bin/mycelia loads it by its address, once it stands',
    'src/world/run-result.ts: tradingResultSchema': 'what readers of --json may hold a trading run to',
  }

  it('none of src/ is used by tests alone', ctx => {
    if (!files) return ctx.skip('no git here, so which files belong to the tree is unknown')
    const tests = sourcesIn(files, /^test\/.*(?<!\.d)\.ts$/)
    const pages = files.filter(path => /^(README|docs\/(?!results|decisions).*)\.md$/.test(path))
    const found = checkUsed([...ours, ...tests, ...pages.map(path => programOfPage(path, read(path)))])
    const named = found.map(({ path, line, says }) => ({ path, line, says, key: `${path}: ${says.split(' ')[0]}` }))
    expect(named.filter(({ key }) => !(key in excused)).map(show)).toEqual([])
    expect(Object.keys(excused).filter(key => !named.some(found => found.key === key))).toEqual([])
  })
})

describe('what stays inside', () => {
  const kernel = (path: string) => says(checkKernel(parse(path, 'const steps = sim.model._kernel.clock.steps')))
  const flags = (path: string, text: string) => says(checkFlags(parse(path, text)))

  it('notices a kernel outside its room', () => {
    expect(kernel('src/world/a.ts')).toHaveLength(1)
    expect(kernel('scenarios/a.ts')).toHaveLength(1)
    expect(kernel('src/model/a.ts')).toEqual([])
  })

  it('notices a flag in a text of a library', () => {
    expect(flags('src/world/a.ts', "const next = 'Give --market too.'")).toHaveLength(1)
    expect(flags('src/world/a.ts', 'const what = `--out ${path}`')).toHaveLength(1)
    expect(flags('src/world/a.ts', '// as --json prints it\ni--\nconst text = "a -- b"')).toEqual([])
    expect(flags('src/cli/a.ts', "const next = 'Give --market too.'")).toEqual([])
  })

  it('the kernel is reached in model/ alone', () => expect(inTree(checkKernel)).toEqual([]))
  it('flags are named in cli/ alone', () => expect(inTree(checkFlags)).toEqual([]))
})

describe('chance and wall time', () => {
  const check = (path: string, text: string) => says(checkNondeterminism(parse(path, text)))
  const inKernel = (text: string) => check('src/model/a.ts', text)

  it.each([
    'const t = Date.now()',
    'const d = new Date(5)',
    'class Later extends Date {}',
    'const r = Math.random()',
    "const r = Math['random']()",
    'const { random } = Math',
    'setTimeout(f, 1)',
    'const t = performance.now()',
    'const o = { performance }',
    'const id = crypto.randomUUID()',
    "import { randomUUID as id } from 'somewhere'",
    'async function f() {}',
    'const p = Promise.resolve(1)',
    'const t = globalThis.Date',
    'const text = n.toLocaleString()',
    'const home = process.env.HOME',
    'const here = import.meta.url',
    'const y = Math.log(x)',
    'const y = Math.hypot(x, 1)',
    'const y = x ** 0.5',
    'const y = x ** 3',
    'const y = 10 ** 3',
    'x **= n',
  ])('notices in a ⬡ room: %s', text => expect(inKernel(text)).not.toEqual([]))

  it.each([
    '// Date.now() and Math.random()',
    'const text = "Date.now()" + `Math.random()`',
    'type When = Date | Promise<Date>',
    'const x = candle.Date',
    'const x = { Date: 1, performance: 2 }',
    'function f(performance: number) { return performance }',
    'class Portfolio { performance() { return 1 } }',
    'const x = Math.floor(1.5) + Math.sqrt(2) + Math.imul(2, 3) + Math.PI',
    'const x = y ** 2 + 2 ** 31',
  ])('lets pass in a ⬡ room: %s', text => expect(inKernel(text)).toEqual([]))

  it('notices in a scenario what an engine rounds its own way, and lets it pass where no run depends on it', () => {
    expect(check('scenarios/a.ts', 'const y = Math.sin(x)')).toHaveLength(1)
    expect(check('scenarios/models/a.ts', 'const y = x ** 1.5')).toHaveLength(1)
    expect(check('src/report/a.ts', 'const y = Math.log10(x) ** 3')).toEqual([])
  })

  it('outside, lets dates be converted and not be asked for', () => {
    expect(check('src/storage/a.ts', 'const s = new Date(ms).toISOString(); const t = Date.UTC(2024, 0, 1)')).toEqual([])
    expect(check('src/storage/a.ts', 'const s = new Date()')).toHaveLength(1)
    expect(check('src/storage/a.ts', 'const s = Date.now()')).toHaveLength(1)
    expect(check('src/cli/a.ts', 'const s = Date.now()')).toEqual([])
    expect(check('src/cli/a.ts', 'const s = Math.random()')).toHaveLength(1)
  })

  it('takes one escape, with a reason, where there is something to excuse', () => {
    expect(inKernel('const t = Date.now() // nondeterminism-ok: shown to a person only')).toEqual([])
    expect(inKernel('// nondeterminism-ok: shown to a person only\nconst t = Date.now()')).toEqual([])
    expect(inKernel('const t = Date.now() // nondeterminism-ok:')).toHaveLength(1)
    expect(inKernel('const t = 1 // nondeterminism-ok: shown to a person only')).toHaveLength(1)
  })

  it('D9: 0 hits without a reason', () => expect(inTree(checkNondeterminism)).toEqual([]))
  it('D9: every place with a wall clock says why', () => expect(WALL_CLOCK.filter(place => place.why.length < 20)).toEqual([]))
})

describe('S10: data never becomes code', () => {
  const check = (text: string) => says(checkDanger(parse('src/storage/a.ts', text)))

  it.each([
    'db.exec(`DELETE FROM trades WHERE id = ${id}`)',
    "const sql = 'SELECT * FROM ' + table",
    'db.prepare(`${verb} INTO trades`)',
    "import { exec } from 'node:child_process'",
    "import * as child from 'node:child_process'",
    "spawn('ls', { shell: true })",
    'eval(text)',
    "new Function('return 1')",
    "import vm from 'node:vm'",
  ])('notices: %s', text => expect(check(text)).not.toEqual([]))

  it.each([
    "db.prepare('SELECT * FROM trades WHERE id = ?')",
    'db.exec(`CREATE TABLE t (\n id INTEGER)`)',
    "const sql = 'SELECT a ' + 'FROM t'",
    "// sql-ok: names come from our own table list\nconst sql = 'SELECT * FROM ' + table",
    '/x/.exec(`${text}`)',
    'const text = `${n} trades`',
    "import { spawn } from 'node:child_process'",
  ])('lets pass: %s', text => expect(check(text)).toEqual([]))

  it('S10: holds for everything that ships or runs here', () => expect(inTree(checkDanger, ours)).toEqual([]))
})

describe('the field’s words', () => {
  const words = (path: string, text: string) => says(checkWords(parse(path, text)))

  it('notices a retired word in a name, and says the word that took its place', () => {
    expect(words('src/a/a.ts', 'const newHerd = 1')).toEqual(['"herd" in "newHerd" is retired: consensus policy'])
    expect(words('src/a/seat-orders.ts', '')).toEqual(['the file\'s name: "seat" in "seat-orders" is retired: instrument state'])
    expect(words('src/a/a.ts', 'class X { private duties = [] }')).toHaveLength(1)
    expect(words('src/a/a.ts', 'const hold = 1, look = 2, shepherd = 3')).toEqual([])
    expect(words('src/a/a.ts', 'interface Hold {}')).toHaveLength(1)
  })

  it('lets saved names pass, each with its reason', () => {
    expect(words('src/model/requests.ts', 'const asked = 1')).toEqual([])
    expect(words('src/trading/a.ts', 'const asked = 1')).toHaveLength(1)
  })

  it('no retired word is in the tree', () => expect(inTree(checkWords)).toEqual([]))
})

describe('the public entries', () => {
  it.each(['src/index.ts', 'src/market.ts', 'src/node.ts', 'src/spaces.ts'])(
    '%s is a list of names of at most 60 lines',
    path => {
      const source = parse(path, read(path))
      expect(source.lines.length).toBeLessThanOrEqual(61)
      expect(
        source.tree.statements.filter(statement => !ts.isExportDeclaration(statement)).map(statement => statement.getText()),
      ).toEqual([])
      expect(source.tree.statements.filter(isOpen).map(statement => statement.getText())).toEqual([])
    },
  )
})

/** `export *`: what it lets out, nobody has chosen. A namespace has one name, and its index is a list of names itself. */
function isOpen(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && statement.exportClause === undefined
}

describe('side effects', () => {
  const check = (text: string) => says(checkSideEffects(parse('src/space/a.ts', text)))

  it('notices a file that does something when it is imported', () => {
    expect(check('count++')).toHaveLength(1)
    expect(check("import './b.js'")).toHaveLength(1)
    expect(check("import { Plane } from './plane.js'\nregisterSaveable(Plane)")).toHaveLength(1)
  })

  it('lets a file build up what it declares: a bundler that leaves out the one leaves out the other', () => {
    expect(check('export class Plane {}\nregisterSaveable(Plane)')).toEqual([])
  })

  it('there are none, as "sideEffects": false tells bundlers', () => {
    expect(JSON.parse(read('package.json')).sideEffects).toBe(false)
    expect(
      inTree(
        checkSideEffects,
        code.filter(source => /^src\//.test(source.path) && !PROGRAMS.test(source.path)),
      ),
    ).toEqual([])
  })
})

describe('traces of one machine', () => {
  const traced = (text: string) => says(checkTraces('a.md', text, ['/somewhere/clone']))
  const slash = '/'

  it('notices home folders, local paths, registries and private hosts', () => {
    expect(traced(`see ${slash}home/someone/notes`)).toHaveLength(1)
    expect(traced(`see ${slash}Users/someone/notes`)).toHaveLength(1)
    expect(traced(`cd ${slash}somewhere/clone`)).toHaveLength(1)
    expect(traced(`npm i --registry https:${slash}/registry.example.org`)).toHaveLength(1)
    expect(traced(`"resolved": "https:${slash}/example.org/x.tgz"`)).toHaveLength(1)
    expect(traced(`curl http:${slash}/192.168.1.7/x`)).toHaveLength(1)
  })

  it('lets relative paths, placeholders and public pages pass', () => {
    expect(traced('../shared/data, ~/.npmrc, $HOME/x, src/home/a/b, https://nodejs.org, http://127.0.0.1:6379')).toEqual([])
  })

  it('are nowhere in the tracked files', ctx => {
    if (!files) return ctx.skip('no git here, so which files are tracked is unknown')
    const local = localTraces(root)
    expect(files.flatMap(path => checkTraces(path, read(path), local)).map(show)).toEqual([])
  })
})

describe('what readers are sent to', () => {
  const texts = (files ?? []).filter(path => /\.(ts|mjs|md|yml|cff)$|^bin\//.test(path) && !/^test\/tidy/.test(path))
  const found = (check: (path: string, text: string) => Finding[]) => texts.flatMap(path => check(path, read(path))).map(show)

  it('notices a command that may fetch a package of strangers', () => {
    expect(checkCommands('a.md', 'npx mycelia run town.ts\nnpx -y mycelia list\nnpx --no-install mycelia list')).toHaveLength(2)
  })

  it('notices pages and sections that are not in the repository', () => {
    const cited = ['mycelial §4', 'architecture §6', 'kraken.md §4e', 'README.md §2', 'reliability C3', "the original's columns"]
    expect(cited.flatMap(text => checkCitations('a.ts', `/** As ${text} says. */`))).toHaveLength(cited.length)
    expect(checkCitations('a.ts', '// Cochran 1977, §6.4; goes on exactly as the original does')).toEqual([])
  })

  it('is npx --no-install or bin/mycelia, everywhere', () => expect(found(checkCommands)).toEqual([]))
  it('is in the repository', () => expect(found(checkCitations)).toEqual([]))
})

describe('P6: run-time dependencies', () => {
  const { dependencies, peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(read('package.json'))
  const atRunTime = [...Object.keys(dependencies), ...Object.keys(peerDependencies)]

  it('P6: each has its line of reason in ARCHITECTURE.md', () => {
    const page = existsSync(join(root, 'ARCHITECTURE.md')) ? read('ARCHITECTURE.md') : ''
    expect(atRunTime.filter(name => !page.includes(`\`${name}\``))).toEqual([])
  })

  it('P6: none is unused', () => {
    const shipped = code.filter(source => source.path.startsWith('src/'))
    const used = new Set(shipped.flatMap(source => importsOf(source).map(seen => packageOf(seen.specifier))))
    const byPath = (name: string) => shipped.some(source => source.tree.text.includes(`'${name}/`))
    expect(atRunTime.filter(name => !used.has(name) && !byPath(name))).toEqual([])
  })

  it('P6: the optional ones are marked so', () => {
    expect(Object.keys(peerDependencies).filter(name => peerDependenciesMeta[name]?.optional !== true)).toEqual([])
  })
})

describe('the start of the command', () => {
  it('notices what is loaded with a file, and what waits until a function is called', () => {
    const sources = [
      parse(
        'src/cli/main.ts',
        "import './one.js'\nimport type { B } from '../bus/index.js'\nconst f = () => import('../world/a.js')",
      ),
      parse('src/cli/one.ts', "export * from '../core/index.js'"),
      parse('src/world/a.ts', "import '../feed/index.js'"),
    ]
    expect(loadedWith(sources, 'src/cli/main.ts')).toEqual(['src/cli/main.ts', 'src/cli/one.ts', 'src/core/index.ts'])
    expect(loadedBy(sources, 'src/cli/main.ts')).toEqual(['src/world/a.ts', 'src/feed/index.ts'])
  })

  it('loads no world, ledger or agent before it knows the verb, so that help and a wrong option answer fast', () => {
    const loaded = loadedWith(code, 'src/cli/main.ts')
    expect(loaded).toContain('src/cli/verbs/run.ts')
    expect([...new Set(loaded.map(roomOf))].sort()).toEqual(['cli', 'core', 'market'])
  })

  it('loads scenarios and manifests for a list, and nothing of a live run', () => {
    const loaded = loadedBy(code, 'src/cli/verbs/list.ts')
    expect(loaded).toContain('src/world/load-scenario.ts')
    expect(loaded.filter(path => /^src\/(feed|transport|report)\/|^src\/world\/(live|replay)\//.test(path))).toEqual([])
  })
})
