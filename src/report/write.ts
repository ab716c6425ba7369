/** Writes `report.html` into a run directory, from what stands there. */

import { join } from 'node:path'
import { lastStateOf, writeAtomic } from '../storage/index.js'
import { reportPage } from './page.js'
import { readReportData } from './read.js'
import { reportParts } from './report-parts.js'

/** Returns the path. The page is the same, byte for byte, for the same data; no digest covers it. */
export async function writeReport(directory: string): Promise<string> {
  const path = join(directory, 'report.html')
  writeAtomic(path, reportPage(reportParts(await readReportData(directory), lastStateOf(directory))), false)
  return path
}
