/** A vitest reporter that writes the counts, and every skipped test with its reason, to the file scripts/test.mjs names. */
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  onInit(vitest) {
    this.filtered = Boolean(vitest.config.testNamePattern)
  }

  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, skipped: [] }
    for (const module of modules) {
      for (const test of module.children.allTests()) this.count(test, summary)
      summary.failed += failuresOutsideTests(module)
    }
    writeFileSync(process.env.MYCELIA_TEST_SUMMARY, JSON.stringify(summary))
  }

  /** A test that `-t` excludes does not count as skipped. */
  count(test, summary) {
    const { state, note } = test.result()
    if (state === 'passed') summary.passed++
    else if (state === 'failed') summary.failed++
    else if (note || !this.filtered)
      summary.skipped.push({ file: test.module.relativeModuleId, name: test.fullName, reason: note })
  }
}

/** A file that cannot be loaded, or whose hooks throw, has failed even where no test of it has. */
function failuresOutsideTests(module) {
  const suites = [...module.children.allSuites()].filter(suite => suite.errors().length > 0)
  return suites.length + (module.errors().length > 0 ? 1 : 0)
}
