/** Programs that some tests need beside Node: installed where that is possible, else reported in one sentence. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, npm, run } from './run.mjs'

const EXTRAS = {
  redis: { programs: ['redis-server'], debian: 'redis-server', about: '10 s' },
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium', about: '60 s' },
  bun: { programs: ['bun'], npm: 'bun@1.4.5', about: '5 s' },
  deno: { programs: ['deno'], npm: 'deno@2.9.6', about: '5 s' },
}
const APT = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20']
const INSTALL_TIMEOUT_MS = 10 * 60_000

/** Programs that come by npm stand in a folder of their own: they are no dependencies, and only tests run them. */
const FOLDER = fileURLToPath(new URL('../../.extras', import.meta.url))

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
  return names.filter(name => programOf(name) === undefined)
}

/** Installs each: by apt-get when root on a machine that has it, or by npm. Never fails: tests report themselves skipped instead. */
export function installExtras(names, timed, say) {
  const byNpm = names.filter(name => EXTRAS[name].npm !== undefined)
  const byApt = names.filter(name => EXTRAS[name].debian !== undefined)
  if (byNpm.length > 0) installByNpm(byNpm, timed, say)
  if (byApt.length > 0) installByApt(byApt, timed, say)
}

function installByNpm(names, timed, say) {
  const packages = names.map(name => EXTRAS[name].npm)
  timed(`installing ${packages.join(' and ')} with npm, which some tests run models in (about ${EXTRAS[names[0]].about})`, () => {
    mkdirSync(FOLDER, { recursive: true })
    const manifest = join(FOLDER, 'package.json')
    if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n')
    // Their own scripts put the one binary of this machine in its place.
    const options = ['--ignore-scripts=false', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
    const result = npm(['install', ...options, ...packages], { cwd: FOLDER, quiet: true, timeoutMs: INSTALL_TIMEOUT_MS })
    if (!result.ok) say(cannot(names.join(' and '), lastLine(result.output)))
  })
}

function installByApt(names, timed, say) {
  const obstacle = whyNot()
  if (obstacle) return say(`${names.join(' and ')} not installed (${obstacle}); the tests that need it will be skipped.`)
  timed('reading the package lists with apt-get update', () => apt(['update']))
  for (const name of names) {
    const { debian, about } = EXTRAS[name]
    timed(`installing ${debian} with apt-get, which some tests need (about ${about})`, () => {
      const result = apt(['install', '-y', '--no-install-recommends', debian])
      if (!result.ok) say(cannot(debian, lastLine(result.output)))
    })
  }
}

function cannot(what, why) {
  return `${what} could not be installed (${why}); the tests that need it will be skipped.`
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
