/**
 * Makes a fresh clone ready to run, and does nothing, at once, when nothing is missing. Needs Node alone, so that
 * `npm start` and `npm test` work as the first command. Everything it says goes to standard error.
 *
 *     node scripts/setup.mjs [--with redis,chromium,bun,deno,chroma,memory,slurm,jupyter,langgraph]
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildStale, builtFolders, neverBuilt, stampOf } from './lib/build-state.mjs'
import { installExtras, missingExtras } from './lib/extras.mjs'
import { withLock } from './lib/lock.mjs'
import { findProgram, npm, run } from './lib/run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...parts) => join(root, ...parts)
const say = text => process.stderr.write(`set-up: ${text}\n`)

try {
  setUp(process.argv.slice(2))
} catch (error) {
  say(error.message)
  process.exitCode = 1
}

function setUp(args) {
  checkNode()
  const wanted = askedExtras(args)
  // Names that are unknown are refused before anything is done; npm ci may remove what was there.
  missingExtras(wanted)
  const steps = [
    { needed: packagesMissing, run: installPackages },
    { needed: binaryMissing, run: buildBinary },
    { needed: () => buildStale(root), run: build },
    { needed: () => missingExtras(wanted).length > 0, run: () => installExtras(missingExtras(wanted), timed, say) },
  ]
  if (!steps.some(step => step.needed())) return
  const waiting = pid => say(`another set-up (process ${pid}) is at work here; waiting for it.`)
  withLock(at('.setup-lock'), waiting, () => {
    for (const step of steps) if (step.needed()) step.run()
  })
}

function askedExtras(args) {
  if (args.length === 0) return []
  if (args.length !== 2 || args[0] !== '--with')
    throw new Error(
      `expected nothing or "--with redis,chromium,bun,deno,chroma,memory,slurm,jupyter,langgraph", got "${args.join(' ')}".`,
    )
  return args[1].split(',').filter(Boolean)
}

function checkNode() {
  const wanted = readJson('package.json').engines.node
  const [major, minor] = wanted.match(/\d+/g).map(Number)
  const [gotMajor, gotMinor] = process.versions.node.split('.').map(Number)
  if (gotMajor > major || (gotMajor === major && gotMinor >= minor)) return
  throw new Error(`this project needs Node ${wanted}, this is ${process.version}. Install a newer one from https://nodejs.org.`)
}

/** npm writes its own record of the installed packages last, so comparing it with the lockfile is right after any npm command. */
function packagesMissing() {
  if (!existsSync(at('node_modules', '.package-lock.json'))) return true
  const installed = readJson('node_modules', '.package-lock.json').packages
  const locked = Object.entries(readJson('package-lock.json').packages)
  return locked.some(([path, wanted]) => {
    if (path === '' || (wanted.optional && !installed[path])) return false
    return installed[path]?.version !== wanted.version || installed[path].integrity !== wanted.integrity
  })
}

/** Installs without install scripts and with what is optional, whatever npm is configured to do. The one package that needs its script runs it in the next step. */
function installPackages() {
  const count = Object.keys(readJson('package-lock.json').packages).length - 1
  timed(`installing up to ${count} packages with npm ci (about 30 s)`, () => {
    const result = npm(
      ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: root },
    )
    if (!result.ok)
      throw new Error(
        'npm ci failed (its own words are above). Check the network and the registry in your npm configuration, then try again.',
      )
  })
}

function binaryMissing() {
  try {
    const Database = createRequire(at('package.json'))('better-sqlite3')
    new Database(':memory:').close()
    return false
  } catch {
    return true
  }
}

/** Without it only what trades cannot run, so a failure ends nothing. */
function buildBinary() {
  const what =
    'preparing better-sqlite3: compiled from source where no ready-made binary can be fetched (about 90 s, needs a C++ compiler and python3)'
  timed(what, () => {
    const result = npm(['rebuild', 'better-sqlite3', '--ignore-scripts=false'], { cwd: root, quiet: true })
    if (!binaryMissing()) return
    process.stderr.write(`${result.output.trim().split('\n').slice(-30).join('\n')}\n`)
    say(`better-sqlite3 could not be built. ${missingTools() ?? 'The last lines of its build are above.'}`)
    say('models that do not trade run without it; runs that trade, and the tests, need it.')
  })
}

function missingTools() {
  const tools = [
    ['a C++ compiler (Debian: apt-get install g++ make; macOS: xcode-select --install)', ['c++', 'g++', 'clang++', 'cl']],
    ['python3 (Debian: apt-get install python3)', ['python3', 'python']],
  ]
  const missing = tools.filter(([, programs]) => !findProgram(...programs)).map(([name]) => name)
  return missing.length === 0 ? undefined : `Install ${missing.join(' and ')}, then try again.`
}

function build() {
  const started = new Date()
  if (neverBuilt(root)) rmSync(at('dist', '.tsbuildinfo'), { force: true }) // what was deleted since would not be written again
  timed('building dist (about 10 s)', () => {
    const result = run(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
      cwd: root,
    })
    if (!result.ok) throw new Error('the sources do not compile (errors above).')
    for (const folder of builtFolders) removeOrphans(at('dist', folder), at(folder))
    writeFileSync(at('dist', 'tsconfig.json'), '{}\n') // Bun would follow the paths of the clone's own, from dist into src
  })
  timed('building the viewer (about 5 s)', () => {
    for (const config of ['vite.config.ts', 'report.config.ts', 'film.config.ts']) bundle(config)
  })
  mkdirSync(at('dist'), { recursive: true })
  writeFileSync(stampOf(root), '')
  utimesSync(stampOf(root), started, started)
}

/** Three bundles: the viewer's pages, the report's, which is one script, and what draws films. */
function bundle(config) {
  const vite = at('node_modules', 'vite', 'bin', 'vite.js')
  const result = run(process.execPath, [vite, 'build', '--config', at('viz', config), '--logLevel', 'warn'], { cwd: root })
  if (!result.ok) throw new Error('the viewer could not be bundled (errors above).')
}

/** Removes the output of deleted source files, which would otherwise still be loaded and packed. */
function removeOrphans(built, source) {
  if (!existsSync(built)) return
  for (const entry of readdirSync(built, { withFileTypes: true })) {
    const path = join(built, entry.name)
    if (entry.isDirectory()) removeOrphans(path, join(source, entry.name))
    else if (!existsSync(join(source, entry.name.replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts')))) rmSync(path)
  }
}

function timed(what, work) {
  say(`${what} …`)
  const started = performance.now()
  work()
  say(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

function readJson(...parts) {
  return JSON.parse(readFileSync(at(...parts), 'utf8'))
}
