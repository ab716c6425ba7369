/** Names of options as libraries write them (`checkpointEvery`), turned into the flags of the command line (--checkpoint-every). */

import type { Command } from 'commander'

/** Flags by the names of their options. */
export type Flags = ReadonlyMap<string, string>

/** The flags of a command and of all below it. */
export function flagsOf(command: Command): Map<string, string> {
  const flags = new Map(command.options.map(option => [option.attributeName(), option.long ?? option.flags]))
  for (const child of command.commands) for (const [name, flag] of flagsOf(child)) flags.set(name, flag)
  return flags
}

/** Replaces every option that stands in backticks by its flag. */
export function withFlags(sentence: string, flags: Flags): string {
  return sentence.replace(/`(\w+)`/g, (whole, name: string) => flags.get(name) ?? whole)
}
