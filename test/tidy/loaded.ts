/** What is loaded together with a file: its static imports, and theirs. What a function imports waits until it is called. */
import { targetOf } from './rooms.js'
import { importsOf, type Source } from './source.js'

/** Paths of the files that are loaded with `path`, itself among them. */
export function loadedWith(sources: readonly Source[], path: string): string[] {
  const byPath = new Map(sources.map(source => [source.path, source]))
  const loaded = new Set([path])
  for (const each of loaded) for (const target of targets(byPath.get(each), false)) loaded.add(target)
  return [...loaded]
}

/** Paths of the files that are loaded when functions of `path` are called. */
export function loadedBy(sources: readonly Source[], path: string): string[] {
  const source = sources.find(each => each.path === path)
  return targets(source, true).flatMap(target => loadedWith(sources, target))
}

function targets(source: Source | undefined, called: boolean): string[] {
  if (source === undefined) return []
  const imports = importsOf(source).filter(({ typeOnly, dynamic }) => !typeOnly && dynamic === called)
  return imports.flatMap(({ specifier }) => targetOf(source.path, specifier) ?? [])
}
