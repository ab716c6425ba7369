/** The files the checks look at: what git tracks or would track, so that a file is judged before it is committed. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, type Source } from './source.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Undefined where there is no git, as in an unpacked archive. */
export function trackedFiles(): string[] | undefined {
  if (!existsSync(join(root, '.git'))) return undefined
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  return [...new Set(listed.split('\0'))].filter(path => path !== '' && existsSync(join(root, path))).sort()
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

export function sourcesIn(files: readonly string[], pattern: RegExp): Source[] {
  return files.filter(path => pattern.test(path)).map(path => parse(path, read(path)))
}
