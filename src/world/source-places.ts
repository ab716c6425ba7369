/** Places in a user's own source: what a stack names, mapped back from the bundle to the file that its author wrote. */

import { SourceMap } from 'node:module'
import { isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MyceliaError, OperatorError } from '../core/index.js'
import { packageRoot } from './package-info.js'

/** The map of a bundle, as Node reads it; written out so that our declarations need none of Node's. */
export interface BundleMap {
  file: string
  version: number
  sources: string[]
  sourcesContent: string[]
  names: string[]
  mappings: string
  sourceRoot: string
}

/** A call in the user's own code. */
export interface SourcePlace {
  /** `Ant.step`; empty at the top of a file. */
  readonly call: string
  /** `town.ts:12:5`. */
  readonly place: string
}

/** A position in a generated file, both from 1 on. */
interface Position {
  readonly line: number
  readonly column: number
}

/** Bundles that were imported, by the path of their temporary file. Their maps are read when a place is asked for. */
const bundles = new Map<string, string>()

/** Remembers a bundle, because its file is gone as soon as it has been imported. */
export function rememberBundle(file: string, code: string): void {
  bundles.set(file, code)
}

/** The calls of a stack that stand in the user's own code, innermost first. */
export function placesIn(stack: string): SourcePlace[] {
  const found: SourcePlace[] = []
  for (const [, call = '', where = '', line, column] of stack.matchAll(/^ +at (?:(.+?) \()?(.+?):(\d+):(\d+)\)?$/gm)) {
    const file = fileOf(where)
    const place = isAbsolute(file) ? placeOf(file, { line: Number(line), column: Number(column) }) : undefined
    if (place !== undefined) found.push({ call: call.replace(/^(async|new) /, ''), place })
  }
  return found
}

/** The calls in the user's own code of an error, or of the error that caused it: the innermost cause knows best. */
export function placesOf(error: unknown): SourcePlace[] {
  if (!(error instanceof Error)) return []
  const deeper = placesOf(error.cause)
  return deeper.length > 0 ? deeper : placesIn(error.stack ?? '')
}

/** The error with its place in front, of the same kind: the exit code depends on it. Without a place it is the error itself. */
export function placedError(error: unknown, place: string | undefined): unknown {
  if (place === undefined) return error
  if (error instanceof OperatorError)
    return new OperatorError({ ...error.explanation, what: `${place}: ${error.explanation.what}` }, { cause: error })
  const said =
    error instanceof MyceliaError ? error.message : error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const line = said.split('\n')[0] ?? ''
  return new MyceliaError(`${place}: ${line.replace(/[^.!?]$/, '$&.')}`, { cause: error })
}

/** Undefined for this package's files and its dependencies', which do not help the author of a model. */
function placeOf(file: string, at: Position): string | undefined {
  const code = bundles.get(file)
  if (code !== undefined) return mappedPlace(code, at)
  return isOurs(file) ? undefined : `${shown(file)}:${at.line}:${at.column}`
}

/** Whether a script is a scenario: a user's bundle, or one that ships. */
export function isScenarioCode(url: string): boolean {
  return /\/mycelia-\w+\/scenario\.mjs$/.test(url) || url.includes('/dist/scenarios/')
}

/** The place in the source of a position in code that ends in its own source map. */
function mappedPlace(code: string, at: Position): string | undefined {
  const map = inlineMap(code)
  return map === undefined ? undefined : placeByMap(map, at)
}

/** The place in the source that a map gives for a position. */
export function placeByMap(map: BundleMap, at: Position): string | undefined {
  return placeByMaps(map)(at)
}

/** As {@link placeByMap}, for many positions of one script. */
export function placeByMaps(map: BundleMap): (at: Position) => string | undefined {
  const read = new SourceMap(map)
  return at => placeInMap(read, map, at)
}

function placeInMap(read: SourceMap, map: BundleMap, { line, column }: Position): string | undefined {
  const entry = read.findEntry(line - 1, column - 1)
  if (!('originalSource' in entry) || entry.originalSource === undefined) return undefined
  const file = fileURLToPath(new URL(entry.originalSource, map.sourceRoot))
  return isOurs(file) ? undefined : `${shown(file)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
}

/** The source map inside a bundle. */
export function inlineMap(code: string): BundleMap | undefined {
  const marker = 'sourceMappingURL=data:application/json;base64,'
  const at = code.lastIndexOf(marker)
  return at < 0 ? undefined : JSON.parse(Buffer.from(code.slice(at + marker.length).trim(), 'base64').toString())
}

function fileOf(where: string): string {
  const path = where.replace(/^async /, '')
  return path.startsWith('file:') ? fileURLToPath(path) : path
}

function isOurs(file: string): boolean {
  const ours = ['bin', 'dist', 'src'].map(folder => join(packageRoot, folder) + sep)
  return ours.some(folder => file.startsWith(folder)) || file.includes(`${sep}node_modules${sep}`)
}

/** The path relative to the working directory, where the file lies below it. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}
