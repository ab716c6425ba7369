/** The runs that a calibration has made, in its folder: the same calibration takes them from there instead of making them again. */

import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, OperatorError } from '../../core/index.js'
import { makeDirectory, writeAtomic } from '../../storage/index.js'

const logName = 'runs.jsonl'

/** What a run gave, by its place in the calibration: quantities, null where there is none. */
interface Line {
  readonly key: string
  readonly outputs: readonly (number | null)[]
}

export class RunLog {
  private readonly known = new Map<string, number[]>()

  private constructor(private readonly file: string | undefined) {}

  /** In memory alone, without a folder. `identity`: what two calibrations must have in common to share their runs. */
  static open(folder: string | undefined, identity: unknown): RunLog {
    if (folder === undefined) return new RunLog(undefined)
    makeDirectory(folder)
    const file = join(folder, logName)
    const head = canonicalJson(identity)
    const log = new RunLog(file)
    if (!existsSync(file)) writeAtomic(file, `${head}\n`)
    else log.read(file, head, folder)
    return log
  }

  /** NaN stands where a run had no value. */
  find(key: string): number[] | undefined {
    return this.known.get(key)
  }

  add(key: string, outputs: readonly number[]): void {
    this.known.set(key, [...outputs])
    if (this.file === undefined) return
    const line: Line = { key, outputs: outputs.map(x => (Number.isFinite(x) ? x : null)) }
    appendFileSync(this.file, `${JSON.stringify(line)}\n`)
  }

  private read(file: string, head: string, folder: string): void {
    const text = readFileSync(file, 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    const [first, ...lines] = whole.trimEnd().split('\n')
    if (first !== head) {
      throw new OperatorError({
        what: `\`out\` ${folder}`,
        expected: 'a new folder, or that of the same calibration',
        got: 'another calibration',
        next: 'Choose another folder.',
      })
    }
    for (const line of lines) {
      const { key, outputs } = JSON.parse(line) as Line
      this.known.set(
        key,
        outputs.map(x => x ?? Number.NaN),
      )
    }
    // A kill may have left half a line.
    if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole))
  }
}
