/** `report.html`: one self-contained page about a finished run. */

export type { ReportData } from './data.js'
export { readReportData } from './read.js'
export { writeReport } from './write.js'
