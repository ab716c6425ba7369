/** Programs that some tests need beside Node: installed where that is possible, else reported in one sentence. */

import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, npm, run } from './run.mjs'

const EXTRAS = {
  redis: { programs: ['redis-server'], debian: 'redis-server', about: '10 s' },
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium', about: '60 s' },
  slurm: { programs: ['slurmctld'], debian: 'slurm-wlm', about: '60 s' },
  bun: { programs: ['bun'], npm: 'bun@1.4.5', about: '5 s' },
  deno: { programs: ['deno'], npm: 'deno@2.9.6', about: '5 s' },
  // The server in the packages of Chroma's client needs glibc 2.38; this one, the newest for older systems, 2.36 or less.
  chroma: {
    package: 'chroma-binding',
    npm: `chroma-binding@npm:chromadb-js-bindings-linux-${process.arch}-gnu@1.0.5`,
    spare: ownChromaBindingLoads,
    about: '60 s, 110 MB to fetch',
  },
  jupyter: {
    user: 'the notebooks',
    programs: ['jupyter-nbconvert'],
    debian: 'jupyter-notebook jupyter-nbconvert jupyter-nbformat python3-ipykernel python3-pandas python3-matplotlib',
    about: '90 s, 500 MB on disk',
  },
  // The decision graph is run in it once more; nothing else needs it.
  langgraph: {
    package: '@langchain/langgraph',
    npm: '@langchain/langgraph@1.4.13 @langchain/core@1.2.13',
    about: '60 s, 66 MB on disk',
  },
  memory: {
    package: '@xenova/transformers',
    npm: '@xenova/transformers@npm:@huggingface/transformers@4.3.2',
    about: '60 s, 475 MB on disk',
  },
}
const APT = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20']
const INSTALL_TIMEOUT_MS = 10 * 60_000

/** Programs that come by npm stand in a folder of their own: they are no dependencies, and only tests run them. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = join(ROOT, '.extras')

/** Where a program is: its name on the path, else its file in the folder of extras; undefined where it is in neither. */
export function programOf(name) {
  const found = findProgram(...EXTRAS[name].programs)
  if (found !== undefined) return found
  const file = join(FOLDER, 'node_modules', '.bin', name)
  return existsSync(file) ? file : undefined
}

/** The requested programs that are not on this machine. Throws on an unknown name. */
export function missingExtras(names) {
  const unknown = names.find(name => !(name in EXTRAS))
  if (unknown) throw new Error(`--with: unknown name "${unknown}". Known: ${Object.keys(EXTRAS).join(', ')}.`)
  return names.filter(name => (EXTRAS[name].package ? packageMissing(name) : programOf(name) === undefined))
}

/** Packages stand in the folder of extras too, with a link in `node_modules`, where `npm ci` removes the link alone. */
function packageMissing(name) {
  const { package: wanted, spare } = EXTRAS[name]
  return !existsSync(join(ROOT, 'node_modules', wanted)) && !spare?.()
}

/** Whether the server that came with Chroma's client loads here, so that no other one is needed. */
function ownChromaBindingLoads() {
  if (process.platform !== 'linux') return true
  try {
    const own = createRequire(join(ROOT, 'package.json')).resolve(`chromadb-js-bindings-linux-${process.arch}-gnu`)
    return run(process.execPath, ['--eval', 'require(process.argv[1])', own], { quiet: true }).ok
  } catch {
    return false
  }
}

function link(wanted) {
  const from = join(ROOT, 'node_modules', wanted)
  const to = join(FOLDER, 'node_modules', wanted)
  if (!existsSync(to)) return
  rmSync(from, { force: true })
  mkdirSync(dirname(from), { recursive: true })
  symlinkSync(relative(dirname(from), to), from, 'dir')
}

/** Installs each: by apt-get when root on a machine that has it, or by npm. Never fails: tests report themselves skipped instead. */
export function installExtras(names, timed, say) {
  const absent = name => !EXTRAS[name].package || !existsSync(join(FOLDER, 'node_modules', EXTRAS[name].package))
  const byNpm = names.filter(name => EXTRAS[name].npm !== undefined && absent(name))
  const byApt = names.filter(name => EXTRAS[name].debian !== undefined)
  if (byNpm.length > 0) installByNpm(byNpm, timed, say)
  for (const name of names) if (EXTRAS[name].package) link(EXTRAS[name].package)
  if (byApt.length > 0) installByApt(byApt, timed, say)
}

function installByNpm(names, timed, say) {
  const packages = names.flatMap(name => EXTRAS[name].npm.split(' '))
  const about = names.map(name => EXTRAS[name].about).join(' and ')
  timed(`installing ${packages.join(' and ')} with npm, which some tests need (about ${about})`, () => {
    mkdirSync(FOLDER, { recursive: true })
    const manifest = join(FOLDER, 'package.json')
    if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n')
    // Their own scripts put the one binary of this machine in its place. That of the embedding's engine would fetch a part for graphics cards.
    const options = ['--ignore-scripts=false', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
    const result = npm(['install', ...options, ...packages], {
      cwd: FOLDER,
      quiet: true,
      env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
      timeoutMs: INSTALL_TIMEOUT_MS,
    })
    if (!result.ok) say(cannot(names.join(' and '), lastLine(result.output)))
  })
}

function installByApt(names, timed, say) {
  const obstacle = whyNot()
  if (obstacle) return say(`${names.join(' and ')} not installed (${obstacle}); what needs it will be skipped.`)
  timed('reading the package lists with apt-get update', () => apt(['update']))
  for (const name of names) {
    const { debian, about, user = 'some tests' } = EXTRAS[name]
    timed(`installing ${debian} with apt-get, which ${user} need (about ${about})`, () => {
      const result = apt(['install', '-y', '--no-install-recommends', ...debian.split(' ')])
      if (!result.ok) say(cannot(debian, lastLine(result.output)))
    })
  }
}

function cannot(what, why) {
  return `${what} could not be installed (${why}); what needs it will be skipped.`
}

function whyNot() {
  if (!findProgram('apt-get')) return 'this machine has no apt-get'
  return process.getuid?.() === 0 ? undefined : 'apt-get needs root'
}

function apt(args) {
  return run('apt-get', [...APT, ...args], {
    quiet: true,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: INSTALL_TIMEOUT_MS,
  })
}

function lastLine(output) {
  return output.trim().split('\n').at(-1)?.slice(0, 200) || 'the installer said nothing'
}
