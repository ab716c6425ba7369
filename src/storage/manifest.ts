/** `manifest.json`: the inputs and the results of a run, enough to repeat it and to compare it. */

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { fault } from '../core/index.js'
import { CorruptFile, withRetry } from './errors.js'
import { writeAtomic } from './files.js'

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)

const realismRow = z.looseObject({
  name: z.string(),
  value: z.number().nullable(),
  reason: z.string().optional(),
  target: z.string(),
  ok: z.boolean().nullable(),
})

/** How a run ended: after the steps or the time that were asked for, by the model, with the data, by a signal, or by an error. */
const runEnd = z.strictObject({ by: z.enum(['steps', 'time', 'model', 'data', 'signal', 'error']), why: z.string() })

const runError = z.strictObject({
  message: z.string(),
  /** The step that failed or did not end; the steps before it are kept. */
  step: z.number().int().nonnegative(),
  /** The last step whose rows and state are kept. */
  kept: z.number().int().nonnegative(),
  agent: z.string().optional(),
  /** File, line and column in the user's source, as `town.ts:12:5`. */
  place: z.string().optional(),
  /** The calls in the user's source, innermost first. */
  calls: z.array(z.string()).optional(),
  /** What the operator should do now. */
  next: z.string(),
})

/** The manifest of a run directory, checked. */
export const manifestSchema = z.strictObject({
  /** Version of this file's layout. */
  manifest: z.literal(1),
  runId: z.string(),
  scenario: z.string(),
  verb: z.enum(['run', 'live', 'replay', 'sweep']),
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  seed: z.number().int().nonnegative(),
  parameters: z.record(z.string(), z.unknown()),
  /** Versions of mycelia, node and every package that decides values. */
  versions: z.record(z.string(), z.string()),
  /** Null where the source tree is no git clone. */
  commit: z.string().nullable(),
  /** SHA-256 of every input file, by the name it was given under. */
  inputs: z.record(z.string(), sha256Hex),
  /** Description of the market: chosen files, planted causes, placebo streams. */
  market: z.record(z.string(), z.unknown()).nullable(),
  /** The request, enough for a resume to build the run's world again. */
  request: z.record(z.string(), z.unknown()).optional(),
  steps: z.number().int().nonnegative(),
  /** How the run ended; absent while it runs. */
  ended: runEnd.optional(),
  /** The error that ended it, where one did. */
  error: runError.optional(),
  /** As older releases wrote it: why the run ended by itself and cannot continue. */
  endReason: z.string().optional(),
  /** Null until the run has ended. */
  digest: sha256Hex.nullable(),
  /** SHA-256 per table over canonical values, without the run's id and seed. */
  outputs: z.record(z.string(), sha256Hex),
  /** Rows and last link of each table whose rows are chained: `decisions`. `mycelia data check` compares the files with it. */
  records: z.record(z.string(), z.strictObject({ rows: z.number().int().nonnegative(), head: sha256Hex })).optional(),
  /** Ticks of a live run's journal, and the hash over all of them. */
  journal: z.strictObject({ ticks: z.number().int().nonnegative(), head: sha256Hex }).optional(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  wallTimeMs: z.number().nonnegative(),
  /** The run's summary as its result has it. */
  summary: z.record(z.string(), z.unknown()),
  /** The realism table of the run's prices, made or real. */
  realism: z.array(realismRow).optional(),
  /** The bars the table was measured on: the last ones of all the run had. */
  realismBars: z.strictObject({ measured: z.number(), of: z.number(), barMs: z.number() }).optional(),
  /** Agents that were quarantined, and why. */
  quarantined: z.array(z.looseObject({ agent: z.string(), step: z.number(), reason: z.string() })).optional(),
})

/** How a run ended. */
export type RunEnd = z.infer<typeof runEnd>

/** What ended a run early. */
export type RunError = z.infer<typeof runError>

/** The content of a manifest. */
export type Manifest = z.infer<typeof manifestSchema>

/** Replaces the manifest in one step. */
export function writeManifest(path: string, manifest: Manifest): void {
  writeAtomic(path, `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`)
}

/** Reads and checks a manifest; {@link CorruptFile} names the first field that is wrong. */
export function readManifest(path: string): Manifest {
  const text = withRetry(path, 'reading', 0, () => {
    fault('storage.read')
    return readFileSync(path, 'utf8')
  })
  const read = manifestSchema.safeParse(parsed(path, text))
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw wrong(path, `${issue?.path.join('.') || 'the file'} to be right`, issue?.message)
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(path, 'JSON', 'something else')
  }
}

function wrong(path: string, expected: string, got: unknown): CorruptFile {
  return new CorruptFile(path, { what: `reading ${path}`, expected, got, next: 'Is this the directory of a run?' })
}
