/** The options of a program in this folder: `--help` prints how it is used, and an unknown option ends it with exit code 2. */

import { parseArgs } from 'node:util'

type Kinds = Readonly<Record<string, { readonly type: 'boolean' | 'string'; readonly default?: boolean | string }>>

type Value<K extends Kinds[string]> = K['type'] extends 'boolean' ? boolean : string

/** What was given: always there where there is a default. */
type Values<T extends Kinds> = {
  readonly [name in keyof T]: Value<T[name]> | (T[name] extends { default: unknown } ? never : undefined)
}

export function optionsOf<const T extends Kinds>(usage: string, options: T, args = process.argv.slice(2)): Values<T> {
  const { help, ...values } = parsed(usage, { ...options, help: { type: 'boolean' } }, args)
  if (!help) return values as Values<T>
  console.log(usage)
  process.exit(0)
}

function parsed(usage: string, options: Record<string, Kinds[string]>, args: string[]): Record<string, unknown> {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}
