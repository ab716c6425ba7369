/** Scenarios by name (those that ship) or by path (a user's file). */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { closest, OperatorError, unknownName } from '../core/index.js'
import type { Scenario } from '../model/index.js'
import { importFile } from './bundle-scenario.js'
import { packageRoot } from './package-info.js'
import type { ScenarioWarning } from './scan-bundle.js'

/** A scenario, and what identifies its code. */
export interface LoadedScenario {
  readonly scenario: Scenario
  /** The shipped name, or the file's absolute path: what a resume loads again. */
  readonly ref: string
  /** SHA-256 of a user's bundled code; shipped scenarios have the package's version instead. */
  readonly code?: string
  /** Of a user's file: uses of chance, time and mathematics that are not the model's, with their places. */
  readonly warnings?: readonly ScenarioWarning[]
}

/** Names of the scenarios that ship, e.g. `trifecta`, `models/schelling`. */
export function shippedScenarios(): string[] {
  const folder = join(packageRoot, 'dist', 'scenarios')
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'))
  const names = files.map(file => file.slice(0, -3).split(sep).join('/'))
  return names.filter(isScenarioName).sort()
}

/** Modules that scenarios share stand in folders beside them, and are no scenarios. */
function isScenarioName(name: string): boolean {
  return !name.includes('/') || name.startsWith('models/')
}

/** The short name of each shipped scenario: the last part of its name, where that is unique. */
export function shortNames(known: readonly string[]): string[] {
  return known.map(name => (known.filter(other => basename(other) === basename(name)).length === 1 ? basename(name) : name))
}

/** The full name of a shipped scenario, from its full or short name. */
export function shippedName(given: string, known: readonly string[]): string {
  if (known.includes(given)) return given
  const found = known.filter(name => basename(name) === given)
  if (found.length > 1) {
    throw new OperatorError({
      what: `scenario "${given}"`,
      expected: 'a name that only one has',
      next: `Did you mean ${found.map(name => `"${name}"`).join(' or ')}?`,
    })
  }
  if (found[0] === undefined) throw unknownName('scenario', given, shortNames(known))
  return found[0]
}

/** Loads a scenario; an unknown name, a missing file or one without a scenario is an `OperatorError`. */
export async function loadScenario(nameOrPath: string): Promise<LoadedScenario> {
  return isPath(nameOrPath) ? loadFile(nameOrPath) : loadShipped(nameOrPath)
}

function isPath(text: string): boolean {
  return /\.[cm]?[jt]s$/.test(text) || /^\.{0,2}[/\\]/.test(text)
}

async function loadShipped(given: string): Promise<LoadedScenario> {
  const name = shippedName(given, shippedScenarios())
  const file = join(packageRoot, 'dist', 'scenarios', `${name}.js`)
  const loaded = await import(pathToFileURL(file).href)
  return { scenario: scenarioIn(loaded, name), ref: name }
}

async function loadFile(given: string): Promise<LoadedScenario> {
  const path = resolve(given)
  if (!existsSync(path) || !statSync(path).isFile()) throw missing(given)
  const { exports, sha256, warnings } = await importFile(path)
  return { scenario: scenarioIn(exports, given), ref: path, code: sha256, warnings }
}

function missing(given: string): OperatorError {
  const name = basename(given).replace(/\.[cm]?[jt]s$/, '')
  const near = closest(name, shortNames(shippedScenarios()))
  const next = near === undefined ? 'Check the path.' : `Check the path, or name the one that ships: ${near}.`
  return new OperatorError({ what: `scenario file ${given}`, expected: 'an existing file', next })
}

/** Checks the shape, because a file may use `defineScenario` of another copy of the package. */
function scenarioIn(exports: Record<string, unknown>, given: string): Scenario {
  const found = exports.default
  if (typeof found === 'object' && found !== null && 'model' in found && 'params' in found && 'name' in found) {
    return found as Scenario
  }
  throw new OperatorError({
    what: `scenario ${relative(process.cwd(), given) || given}`,
    expected: 'a default export made by defineScenario({ … })',
    got: found === undefined ? 'no default export' : `a default export that is ${describe(found)}`,
    next: 'Write: export default defineScenario({ title, model, params }). A script that calls simulate is run by: mycelia exec.',
  })
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`
}
