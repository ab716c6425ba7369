/** Finished runs of the experiment, a line each, so that it can be stopped and gone on with: only what is missing is made. */

import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import type { HypothesisFigures, HypothesisTask } from './run.js'

interface Line {
  /** The commit, or the version, of the code that made it. */
  readonly code: string
  readonly task: HypothesisTask
  readonly figures: HypothesisFigures
}

export class RunStore {
  /** By the task's text; as many as the experiment has runs. */
  private readonly known = new Map<string, Line>()

  /** @param code what is written with the runs that are added. */
  constructor(
    private readonly path: string,
    private readonly code: string,
  ) {
    mkdirSync(dirname(path), { recursive: true })
    if (existsSync(path)) this.read(readFileSync(path, 'utf8'))
  }

  get(task: HypothesisTask): HypothesisFigures | undefined {
    return this.known.get(JSON.stringify(task))?.figures
  }

  add(task: HypothesisTask, figures: HypothesisFigures): void {
    const line: Line = { code: this.code, task, figures }
    appendFileSync(this.path, `${JSON.stringify(line)}\n`)
    this.known.set(JSON.stringify(task), line)
  }

  /** Which code made these runs. */
  codesOf(tasks: readonly HypothesisTask[]): string[] {
    return [...new Set(tasks.flatMap(task => this.known.get(JSON.stringify(task))?.code ?? []))].sort()
  }

  /** The last line is half written where the process was killed: it is cut off. */
  private read(text: string): void {
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) truncateSync(this.path, Buffer.byteLength(whole))
    for (const text of whole.split('\n')) {
      if (text === '') continue
      const line = JSON.parse(text) as Line
      this.known.set(JSON.stringify(line.task), line)
    }
  }
}
