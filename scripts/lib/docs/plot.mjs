/** Small plots as SVG text: lines over steps, and a space as a picture of its cells and agents. */

const colors = ['#30638e', '#d1495b', '#edae49', '#3a7d44', '#8d6a9f']
const font = 'font-family="system-ui, sans-serif" font-size="11" fill="#444"'

/** One line a column over the steps of a run, one axis for all. `top`: the highest value shown, where the data should not decide. */
export function lineChart(series, { width = 460, height = 220, caption = 'step', top } = {}) {
  const [left, right, up, down] = [46, 12, 24, 30]
  const longest = Math.max(...series.map(s => s.values.length))
  const highest = niceTop(top ?? Math.max(...series.flatMap(s => s.values)))
  const x = i => left + ((width - left - right) * i) / Math.max(1, longest - 1)
  const y = v => height - down - ((height - up - down) * v) / highest
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(share => share * highest)
  const rules = ticks.map(
    t =>
      `<path d="M${left} ${r(y(t))}H${width - right}" stroke="#ddd"/><text x="${left - 6}" y="${r(y(t) + 4)}" text-anchor="end" ${font}>${short(t)}</text>`,
  )
  const lines = series.map((s, n) => `<path d="${pathOf(s.values, x, y)}" fill="none" stroke="${colors[n]}" stroke-width="1.6"/>`)
  const keys = series.map(
    (s, n) =>
      `<rect x="${left + n * 110}" y="7" width="10" height="10" fill="${colors[n]}"/><text x="${left + 14 + n * 110}" y="16" ${font}>${s.name}</text>`,
  )
  const ends = `<text x="${left}" y="${height - 8}" ${font}>${caption} 1</text><text x="${width - right}" y="${height - 8}" text-anchor="end" ${font}>${longest}</text>`
  return svg(width, height, [...rules, ...lines, ...keys, ends].join('\n'))
}

/** Squares of a grid by colour, runs of equal ones joined; `colorOf(x, y)` may give nothing. */
export function cellMap(columns, rows, colorOf, { size = 300 } = {}) {
  const runs = new Map()
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; ) {
      const color = colorOf(x, y)
      const from = x
      while (x < columns && colorOf(x, y) === color) x++
      if (color !== undefined) runs.set(color, `${runs.get(color) ?? ''}M${from} ${y}h${x - from}v1h${from - x}z`)
    }
  }
  const paths = [...runs].map(([color, d]) => `<path d="${d}" fill="${color}"/>`)
  return svg(size, Math.round((size * rows) / columns), paths.join('\n'), `0 0 ${columns} ${rows}`)
}

/** Agents of a plane as arrows: `{ x, y, vx, vy }`. */
export function arrowMap(width, height, arrows, { size = 300, color = colors[0] } = {}) {
  const long = width / 60
  const d = arrows.map(({ x, y, vx, vy }) => {
    const [ax, ay] = [vx * long, vy * long]
    return `M${r(x + ax)} ${r(y + ay)}L${r(x - ax - ay / 2)} ${r(y - ay + ax / 2)}L${r(x - ax + ay / 2)} ${r(y - ay - ax / 2)}z`
  })
  return svg(size, Math.round((size * height) / width), `<path d="${d.join('')}" fill="${color}"/>`, `0 0 ${width} ${height}`)
}

/** Pictures beside each other. */
export function beside(...pictures) {
  const sizes = pictures.map(p => /width="(\d+)" height="(\d+)"/.exec(p).slice(1).map(Number))
  let x = 0
  const placed = pictures.map((p, i) => {
    const at = x
    x += sizes[i][0] + 16
    return p.replace('<svg ', `<svg x="${at}" `)
  })
  return svg(x - 16, Math.max(...sizes.map(s => s[1])), placed.join('\n'))
}

function svg(width, height, inside, viewBox = `0 0 ${width} ${height}`) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}">\n<rect width="100%" height="100%" fill="#fff"/>\n${inside}\n</svg>`
}

/** At most 240 points a line: more cannot be seen. */
function pathOf(values, x, y) {
  const every = Math.ceil(values.length / 240)
  const points = values.map((v, i) => `${r(x(i))} ${r(y(v))}`).filter((_, i) => i % every === 0 || i === values.length - 1)
  return `M${points.join('L')}`
}

function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].map(f => f * power).find(top => top >= value - 1e-12)
}

function short(value) {
  return value >= 1_000 ? `${r(value / 1_000)}k` : String(r(value))
}

function r(value) {
  return Math.round(value * 100) / 100
}
