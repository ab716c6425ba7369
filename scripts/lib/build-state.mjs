/** Whether `dist/` is what the sources say: never built, older than a file or folder it is made from, or fresh. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that are compiled, file by file. */
export const builtFolders = ['src', 'scenarios', 'bench']

/** Folders that `dist/` is made from; the viewer is bundled. */
const sourceFolders = [...builtFolders, 'viz']

export const stampOf = root => join(root, 'dist', '.built')

export function neverBuilt(root) {
  return (
    !existsSync(stampOf(root)) ||
    !existsSync(join(root, 'dist', 'viz', 'film.js')) ||
    !existsSync(join(root, 'dist', 'src', 'cli', 'main.js'))
  )
}

export function buildStale(root) {
  if (neverBuilt(root)) return true
  const built = statSync(stampOf(root)).mtimeMs
  const configs = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map(name => join(root, name))
  return (
    configs.some(path => statSync(path).mtimeMs > built) || sourceFolders.some(folder => newerWithin(join(root, folder), built))
  )
}

/** Folders count too: deleting a file touches only its folder. */
function newerWithin(folder, time) {
  if (!existsSync(folder)) return false
  if (statSync(folder).mtimeMs > time) return true
  return readdirSync(folder, { withFileTypes: true }).some(entry => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? newerWithin(path, time) : statSync(path).mtimeMs > time
  })
}
