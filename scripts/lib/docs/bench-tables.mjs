/** The figures of the benchmark page, from bench/results.json as `npm run bench` wrote it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Replaces `<!-- bench:… -->` by tables; where nothing has been measured, by a sentence that says so. */
export function withFigures(text, root) {
  const file = join(root, 'bench', 'results.json')
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  return text.replace(/<!-- bench:(\w+) -->/g, (_, part) => tables[part]?.(results) ?? '')
}

const tables = {
  rows: results => (results.rows?.length > 0 ? `${origin(results)}\n\n${rowsTable(results.rows)}` : notMeasured('npm run bench')),
  growth: results => (results.growth?.length > 0 ? growthTable(results.growth) : notMeasured('npm run bench -- --growth')),
}

function notMeasured(command) {
  return `*Nothing has been measured in this copy yet: \`${command}\` does, and this page then shows its figures.*`
}

/** How, of what, when and where the figures were made: as far as the file says. */
function origin({ command = 'npm run bench', commit, date, cpu, node }) {
  const on = [cpu, node && `Node ${node}`].filter(Boolean).join(', ')
  const parts = [`\`${command}\``, commit && `commit \`${String(commit).slice(0, 10)}\``, date && String(date).slice(0, 10), on]
  return `Measured by ${parts.filter(Boolean).join(' · ')}.`
}

function rowsTable(rows) {
  const head = '| model | size | ms | hand-written loop, ms | ratio | |\n| --- | --- | ---: | ---: | ---: | --- |'
  const lines = rows.map(
    ({ model, size, ms, limitMs, ratio, limitCredible }) =>
      `| ${[model, size, figure(ms), figure(limitMs), figure(ratio), limitCredible === false ? 'limit not credible' : ''].join(' | ')} |`,
  )
  return [head, ...lines].join('\n')
}

/** Columns as the file has them: the growth curves of different things are told apart by their own names. */
function growthTable(growth) {
  const plain = growth.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'object')))
  const columns = [...new Set(plain.flatMap(row => Object.keys(row)))]
  const line = cells => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(words)),
    line(columns.map(() => '---')),
    ...plain.map(row => line(columns.map(name => (typeof row[name] === 'number' ? figure(row[name]) : (row[name] ?? ''))))),
  ].join('\n')
}

function words(name) {
  return name.replace(/([A-Z])/g, ' $1').toLowerCase()
}

/** Three significant digits, whole where large. */
function figure(x) {
  if (typeof x !== 'number') return '–'
  if (x === 0 || Math.abs(x) >= 1000) return Math.round(x).toLocaleString('en')
  return String(Number(x.toPrecision(3)))
}
