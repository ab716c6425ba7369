/** Parses the texts of options into values. An error names the option. */

import { readFileSync } from 'node:fs'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { OperatorError } from '../core/index.js'
import { formatTime, parseTime, parseTimeframe } from '../market/index.js'

/** A whole number from `least` on; digits only, so that `1e3`, `0x10` and ` 5` are typos rather than numbers. */
export function wholeNumber(option: string, least: number): (text: string) => number {
  return text => {
    const n = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(n) && n >= least) return n
    throw new OperatorError({
      what: option,
      expected: `a whole number ≥ ${least}`,
      got: text,
      next: `Try ${option} ${least + 41}.`,
    })
  }
}

/** A port of this machine; 0: any free one. */
export function port(option: string): (text: string) => number {
  return text => {
    const n = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (n <= 65_535) return n
    throw new OperatorError({ what: option, expected: 'a port from 0 to 65535', got: text, next: `Try ${option} 9464.` })
  }
}

/** Steps a second; Infinity: as fast as it goes. */
export function speed(option: string): (text: string) => number {
  return text => {
    if (text === 'max') return Number.POSITIVE_INFINITY
    const n = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
    if (n > 0 && n <= 1_000_000) return n
    throw new OperatorError({ what: option, expected: 'steps a second, or max', got: text, next: `Try ${option} 20.` })
  }
}

export function fraction(option: string): (text: string) => number {
  return text => {
    const n = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
    if (n >= 0 && n < 1) return n
    throw new OperatorError({ what: option, expected: 'a fraction from 0 to 1', got: text, next: `0.40 % is ${option} 0.004.` })
  }
}

/** A file or a folder; an empty text is a variable that was not set, and would mean the working directory. */
export function place(option: string): (text: string) => string {
  return text => {
    if (text.trim() !== '') return text
    throw new OperatorError({
      what: option,
      expected: 'a file or a folder',
      got: text,
      next: 'Give a path, or leave the option out.',
    })
  }
}

/** An instant as ms since 1970: ISO with or without offset (then UTC), seconds or milliseconds. */
export function instant(option: string): (text: string) => number {
  return text => {
    const time = parseTime(text)
    if (!Number.isNaN(time)) return time
    const example = formatTime(Date.UTC(2021, 0, 1))
    throw new OperatorError({ what: option, expected: 'a time', got: text, next: `Try ${option} ${example}.` })
  }
}

/** `a,b,c`, and the option may be repeated. */
export function list(option: string): (text: string, before?: readonly string[]) => string[] {
  return (text, before = []) => {
    const names = text.split(',').map(name => name.trim())
    if (names.every(name => name !== '')) return [...before, ...names]
    throw new OperatorError({ what: option, expected: 'names with commas between', got: text })
  }
}

/** `key=value` with the value read as YAML, collected over repetitions; the last value of a key counts. */
export function assignments(option: string): (text: string, before?: Record<string, unknown>) => Record<string, unknown> {
  return (text, before = {}) => {
    const at = text.indexOf('=')
    if (at < 1) throw new OperatorError({ what: option, expected: 'name=value', got: text, next: `Try ${option} people=500.` })
    const key = text.slice(0, at).trim()
    return Object.fromEntries([...Object.entries(before), [key, yaml(`${option} ${key}`, text.slice(at + 1))]])
  }
}

/** A YAML file whose keys are names of parameters. */
export const parameterFile = yamlMap('--config', 'people: 500')

/** A YAML file of `name: value` lines, such as `example`. */
export function yamlMap(option: string, example: string): (path: string) => Record<string, unknown> {
  return path => {
    const content = yaml(path, readable(option, path))
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Record<string, unknown>
    throw new OperatorError({
      what: `${option} ${path}`,
      expected: 'name: value on each line',
      got: content,
      next: `Try: ${example}`,
    })
  }
}

/** A value written as YAML. */
export function yaml(what: string, text: string): unknown {
  try {
    return parseYaml(text, { prettyErrors: true })
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    const [at] = error.linePos ?? []
    const place = at === undefined ? what : `${what}:${at.line}:${at.col}`
    const said = error.message.split(/ at line |\n/)[0]
    throw new OperatorError({ what: place, expected: 'YAML', got: said, next: 'Quote values with special characters.' })
  }
}

/** The text of a file. */
export function readable(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new OperatorError({ what: `${option} ${path}`, expected: 'a readable file', got: code, next: 'Check the path.' })
  }
}

/** Names of profiles, and YAML files of one's own limits, with commas between. */
export function profiles(text: string): unknown[] {
  return list('--profile')(text).map(name => (/\.ya?ml$/.test(name) ? ownProfile(name) : name))
}

function ownProfile(path: string): { name: string; limits: Record<string, unknown> } {
  const name = path.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '')
  return { name, limits: yamlMap('--profile', 'dailyLossUsd: 20')(path) }
}

/** `10m` as ms. */
export function span(option: string): (text: string) => number {
  return text => {
    try {
      return parseTimeframe(text)
    } catch {
      throw new OperatorError({ what: option, expected: 'a time such as 30s, 10m or 24h', got: text })
    }
  }
}
