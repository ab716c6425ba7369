/** Formats numbers, times and names for readers, the same in every locale. */

const minus = '−'

export function integer(x: number): string {
  return signed(
    Math.round(Math.abs(x))
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, ','),
    x <= -0.5,
  )
}

export function decimal(x: number, digits = 2): string {
  const [whole = '', fraction] = Math.abs(x).toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`
  return signed(text, x < 0 && /[1-9]/.test(text))
}

/** A number whose size is not known beforehand, to about four digits. */
export function general(x: number): string {
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return integer(x)
  const size = Math.abs(x)
  if (size >= 1e-4 && size < 1e9) return decimal(x, Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size)))))
  return x.toExponential(2).replaceAll('-', minus)
}

export function percent(x: number, digits = 1): string {
  return `${decimal(x * 100, digits)}\u00a0%`
}

/** With its sign even where it is positive: a change. */
export function change(text: string): string {
  return text.startsWith(minus) || !/[1-9]/.test(text) ? text : `+${text}`
}

export function usd(x: number, digits = 0): string {
  const text = decimal(Math.abs(x), digits)
  return signed(`$${text}`, x < 0 && /[1-9]/.test(text))
}

/** p values lie far below the thousandths. */
export function pText(p: number): string {
  return p >= 0.001 || p === 0 ? decimal(p, 4) : p.toExponential(1).replace('-', minus)
}

/** Of a fraction, in 0.01 %. */
export function bp(fraction: number): string {
  return decimal(fraction * 1e4, 1)
}

/** `7 Sep 2024`, UTC. */
export function day(ms: number): string {
  const date = new Date(ms)
  return `${date.getUTCDate()}\u00a0${months[date.getUTCMonth()]}\u00a0${date.getUTCFullYear()}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `7 Sep 2024, 14:05 UTC` of an ISO time. */
export function instant(iso: string): string {
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? iso : `${day(ms)}, ${new Date(ms).toISOString().slice(11, 16)} UTC`
}

/** `850 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${decimal(ms / 1_000, 1)} s`
  const minutes = Math.floor(ms / 60_000)
  return minutes < 60
    ? `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `hourly`, `15-minute`: what a bar is called. */
export function barName(ms: number): string {
  const names: Readonly<Record<number, string>> = { 60000: 'one-minute', 3600000: 'hourly', 86400000: 'daily' }
  if (names[ms] !== undefined) return names[ms]
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}-hour` : ms % 60_000 === 0 ? `${ms / 60_000}-minute` : `${ms / 1_000}-second`
}

/** `1 pattern`, `9 patterns`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${integer(n)} ${n === 1 ? one : many}`
}

/** `maxDrawdownHours` → `max drawdown hours`. */
export function spoken(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`).replace(/_/g, ' ')
}

function signed(text: string, negative: boolean): string {
  return negative ? minus + text : text
}
