/** Starting other programs the same way everywhere: no shell, the caller's npm, standard output left to the caller. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** Runs a program in `cwd`. Its output goes to standard error, or with `quiet` is kept and returned. */
export function run(command, args, { cwd, quiet = false, env = {}, timeoutMs } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', process.stderr.fd, process.stderr.fd],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: timeoutMs,
  })
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? `${result.error.message}\n` : ''}`
  return { ok: result.status === 0, output }
}

/** `npm <args>` by the npm that started us, else the one beside this Node, else the one on the path. */
export function npm(args, options) {
  const script = npmScript()
  return script === undefined ? run('npm', args, options) : run(process.execPath, [script, ...args], options)
}

function npmScript() {
  const bin = dirname(process.execPath)
  const candidates = [
    process.env.npm_execpath,
    join(bin, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(bin, 'node_modules/npm/bin/npm-cli.js'),
  ]
  return candidates.find(path => path?.endsWith('npm-cli.js') && existsSync(path))
}

/** The first of these programs that is on the path. */
export function findProgram(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  return names.find(name => folders.some(folder => suffixes.some(suffix => existsSync(join(folder, name + suffix)))))
}
