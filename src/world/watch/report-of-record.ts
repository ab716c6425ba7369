/** The report of a run directory as parts for viewers: read again as the run goes on, so that its page follows it. */

import { readReportData, reportParts } from '../../report/index.js'
import { CorruptFile, lastStateOf, RunDirectory } from '../../storage/index.js'
import { Parts } from '../../view/index.js'

export class ReportOfRecord {
  readonly why = 'A report is looked at, not commanded.'

  private constructor(
    private readonly directory: RunDirectory,
    private parts: Parts,
  ) {}

  /** Throws an `OperatorError` where the directory holds no run. */
  static async open(path: string): Promise<ReportOfRecord> {
    const report = new ReportOfRecord(RunDirectory.read(path), new Parts(1))
    await report.read()
    return report
  }

  /** Whether a process still adds rows. */
  get goesOn(): boolean {
    return this.directory.manifest.status === 'running' && this.directory.isInUse
  }

  /** Reads the tables anew. False where one is not whole; what was read before stays. */
  async read(): Promise<boolean> {
    try {
      const data = await readReportData(this.directory.path)
      const lastState = data.underWay === null ? lastStateOf(this.directory.path) : undefined
      // The last state is a frame of its own, with which viewers begin anew.
      this.parts = reportParts(data, lastState, lastState === undefined ? this.parts : new Parts(1)).parts
      return true
    } catch (error) {
      if (error instanceof CorruptFile) return false
      throw error
    }
  }

  /** All of it is there, whatever is asked. */
  ask(): void {}

  look(): Parts {
    return this.parts
  }
}
